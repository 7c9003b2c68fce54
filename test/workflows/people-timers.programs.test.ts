/**
 * Tests reminders, escalations and expiries on live builds whose worker ends while they are pending and is replaced by another.
 */
import type { BuildState } from '../../src/domain/build/state';
import type { GatePolicy } from '../../src/domain/people/policy';
import { until } from '../until';
import { HANG } from './fake-models';
import { advanceOf, openStage } from './stage';
import type { Run, Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

const FIRED = ['reminded', 'escalated', 'expired'];
const firedOf = ({ events }: BuildState) => events.filter(({ type }) => FIRED.includes(type));
/** How late an event may be on a busy machine, once a worker is there. */
const LATE_MS = 20_000;

/** A build of external roles that waits at the gate of its plan. */
async function waitAtPlan(policy: Partial<GatePolicy>): Promise<Run> {
  const run = await stage.begin({ roles: 'external', start: { gates: { plan: { approval: 'required', ...policy } } } });
  for (const state of ['discovery', 'planning'] as const) await run.send('advance', advanceOf(state));
  await run.reach(({ approvalGate }) => approvalGate !== undefined);
  return run;
}

test('each reminder, escalation and expiry fires once and at its time, although the worker was away', async () => {
  const soon = await waitAtPlan({
    ...{ remindAfterS: 1, escalateAfterS: 2, escalateTo: ['eve'], approvers: ['bob'] },
    ...{ expiresAfterS: 3, onExpiry: 'reject' },
  });
  const later = await waitAtPlan({ remindAfterS: 12, expiresAfterS: 14, onExpiry: 'wait' });
  const asking = await stage.begin({
    answers: {
      discovery: () => ({ open_questions: [{ id: 'Q1', text: 'Which?', blocking: true, assumption: '' }] }),
      planning: HANG,
    },
    start: { questionPolicy: { remindAfterS: 1, escalateAfterS: 12, escalateTo: ['eve'] } },
  });
  await asking.reach(({ questions }) => questions.length === 1);
  const openedAt = Date.parse((await later.state()).approvalGate?.openedAt ?? '');
  await stage.stack.stopWorker();
  // Everything of the first build is due while no worker is there.
  await until(
    async () => Date.now(),
    (now) => now > openedAt + 4_000,
  );
  await stage.stack.startWorker();

  const rejected = await soon.reach('planning');
  expect(firedOf(rejected).map(({ type }) => type)).toEqual(FIRED);
  expect(firedOf(rejected).map(({ data }) => data.to ?? data.then ?? null)).toEqual([null, 'eve', 'reject']);
  expect(rejected.events.filter(({ type }) => type === 'rejected')).toMatchObject([{ actor: 'orchestrator' }]);
  expect(rejected.feedback).toEqual([expect.stringContaining('nobody decided within 3 s')]);

  const waiting = await later.reach((build) => firedOf(build).length === 2);
  const [reminded, expired] = firedOf(waiting);
  expect(waiting).toMatchObject({ state: 'handoff_to_coder' });
  for (const [event, seconds] of [
    [reminded, 12],
    [expired, 14],
  ] as const) {
    const lateMs = Date.parse(event?.at ?? '') - openedAt - seconds * 1_000;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(LATE_MS);
  }
  // Nothing is due any more, and the page can still be approved.
  const { approvalGate } = waiting;
  await later.send('approve', { gate: 'plan_approval', digest: approvalGate?.digest, actor: 'bob' });

  const asked = await asking.reach((build) => firedOf(build).length === 2);
  expect(firedOf(asked).map(({ type, data }) => [type, data.questions])).toEqual([
    ['reminded', 'Q1'],
    ['escalated', 'Q1'],
  ]);
  await asking.send('answer', { answers: { Q1: 'this' } });
  const after = await asking.reach('planning');
  expect(firedOf(after)).toHaveLength(2);
  for (const run of [soon, later, asking]) await run.send('cancel', { reason: 'enough' });
});

test('a decision before the time ends the reminders, and another worker does not repeat them', async () => {
  const run = await waitAtPlan({ remindAfterS: 1, expiresAfterS: 600, onExpiry: 'reject' });
  const reminded = await run.reach((build) => firedOf(build).length === 1);
  expect(reminded.approvalGate).toMatchObject({ fired: ['reminded'] });
  await stage.stack.stopWorker();
  await stage.stack.startWorker();
  await run.send('approve', { gate: 'plan_approval', digest: reminded.approvalGate?.digest, actor: 'bob' });
  await run.send('advance', advanceOf('handoff_to_coder'));
  const build = await run.reach('implementation');
  expect(firedOf(build)).toHaveLength(1);
  await run.send('cancel', { reason: 'enough' });
});
