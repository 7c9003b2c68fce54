/**
 * What people are told about a build: each thing that calls for them, once, and nothing else.
 */
import { applyDue } from '../../../src/domain/build/due';
import { applyOutcome, passHandoff } from '../../../src/domain/build/outcomes';
import { recordEvent } from '../../../src/domain/build/record-event';
import type { BuildState } from '../../../src/domain/build/state';
import type { EventType } from '../../../src/domain/events';
import { deliveriesOf } from '../../../src/domain/notices/notice';
import type { NoticeTarget } from '../../../src/domain/notices/notice';
import { deliveriesBetween, noticesBetween } from '../../../src/domain/notices/notices';
import { NOW, WORKED, advanceOf, apply, buildIn, decisionOn, digestOf, newBuild, withFinding } from '../a-build';
import { atGate } from '../people/main-loop';

const LATER = '2026-11-21T10:00:00.000Z';
const between = (before: BuildState | null, after: BuildState) => noticesBetween(before, after, LATER);
const kindsBetween = (before: BuildState | null, after: BuildState) => between(before, after).map(({ kind }) => kind);

test('a new build whose first role is outside waits for it from the start', () => {
  expect(between(null, newBuild())).toEqual([
    {
      id: `shop.b1.waiting.${Date.parse(LATER).toString(36)}-0`,
      ...{ kind: 'waiting', at: LATER, projectId: 'shop', buildId: 'b1', state: 'discovery', status: 'waiting' },
      ...{ title: 'Build me a dark mode feature', path: '/api/workflows/shop.b1/status', deadline: null },
      what: 'q_assistant is external: waits for advance with completed_state "discovery" from role "q_assistant"',
    },
  ]);
});

test('a build that a model works on calls for nobody', () => {
  const build = newBuild({ mode: 'llm' });
  expect(between(null, build)).toEqual([]);
  expect(between(build, passHandoff(buildIn('handoff_to_coder', newBuild({ mode: 'llm' })), NOW))).toEqual([]);
});

test('each state of an external role is a new wait', () => {
  const first = newBuild();
  const second = apply(first, 'advance', advanceOf('discovery'));
  expect(between(first, second)).toMatchObject([{ kind: 'waiting', state: 'planning' }]);
});

test('questions are one wait: an answer to some of them tells nothing, and a new question does', () => {
  const asking = asked(newBuild({ mode: 'llm' }), ['q1', 'q2']);
  expect(between(newBuild({ mode: 'llm' }), asking)).toMatchObject([
    { kind: 'waiting', what: 'A person answers the open questions: q1, q2' },
  ]);
  const halfAnswered = recordEvent({ ...asking, questions: asking.questions.slice(1) }, cause('ada'), {
    type: 'answered',
  });
  expect(kindsBetween(asking, halfAnswered)).toEqual([]);
  expect(kindsBetween(asking, { ...asking, questions: [...asking.questions, { id: 'q3', text: 'And?' }] })).toEqual([
    'waiting',
  ]);
});

test('a wait of a kind that this file does not know is told by its status and its words', () => {
  const build = buildIn('planning');
  const other = { ...build, roles: { ...build.roles, q_assistant: 'llm' } } as BuildState;
  expect(kindsBetween(other, build)).toEqual(['waiting']);
  // The words change while the build stays in its state, and no person did a part of it.
  const renamed = { ...build, turn: build.turn + 1 };
  expect(kindsBetween(build, renamed)).toEqual(['waiting']);
});

test('an error is told with its reason, and an error that only needs a decision as a wait with what was found', () => {
  const failed = buildIn('error');
  expect(between(buildIn('testing'), failed)).toMatchObject([
    { kind: 'error', path: '/api/workflows/shop.b1/status', what: expect.stringContaining('Role.GaveUp') },
  ]);
  expect(between(failed, { ...failed, revision: 99 })).toEqual([]);
  const found = withFinding(failed, 'a');
  const held = { ...found, failure: { ...found.failure, type: 'Decision.Needed' } } as BuildState;
  expect(between(buildIn('testing'), held)).toMatchObject([
    { kind: 'waiting', path: '/api/workflows/shop.b1/approvals', what: expect.stringContaining('found a') },
  ]);
  const two = withFinding(held, 'b') as BuildState & { state: 'error' };
  const approved = apply(two, 'approve', decisionOn('a'));
  expect(kindsBetween(held, two)).toEqual(['waiting']);
  expect(kindsBetween(two, approved)).toEqual([]);
});

test('retry, rollback and cancel are told with who, what and why', () => {
  const failed = buildIn('error');
  const retried = apply(failed, 'retry', { reason: 'the server is back', actor: 'ada' });
  expect(between(failed, retried)[0]).toMatchObject({
    ...{ kind: 'retried', what: 'ada had testing done again: the server is back' },
  });
  const back = apply(failed, 'rollback', { target_state: 'planning', reason: 'wrong plan', actor: 'ada' });
  expect(between(failed, back)[0]).toMatchObject({
    ...{ kind: 'rolled_back', what: 'ada took the build back to planning: wrong plan' },
  });
  const cancelled = apply(failed, 'cancel', { reason: 'not needed', actor: 'ada' });
  expect(between(failed, cancelled)).toMatchObject([
    { kind: 'cancelled', status: 'cancelled', what: 'the build was cancelled: not needed' },
  ]);
});

test('a complete build tells that it is released, and that it is complete; what is handed over is released later', () => {
  const deployment = buildIn('deployment', newBuild({ mode: 'llm' }));
  const release = { number: 3, id: 'r', commit: 'c', folder: 'f', version: '1.2.0', smoke: 'ok' };
  const outcome = { ...WORKED, objections: [], release } as Parameters<typeof applyOutcome>[1];
  const complete = {
    ...deployment,
    ...applyOutcome(deployment, outcome, NOW),
    release,
    state: 'complete',
  } as BuildState;
  expect(between(deployment, complete)).toMatchObject([
    { kind: 'released', what: 'release 3, version 1.2.0, is live' },
    { kind: 'complete', what: 'the build is complete and live' },
  ]);
  const handed = apply(buildIn('deployment'), 'advance', advanceOf('deployment'));
  expect(kindsBetween(buildIn('deployment'), handed)).toEqual(['complete']);
  expect(kindsBetween(handed, { ...handed, release, owed: { undoRelease: false, restoreTree: false } })).toEqual([
    'released',
  ]);
});

test('a release that was put back, a reminder and an escalation are told by their events', () => {
  const build = buildIn('planning');
  const withEvent = (type: string, data: Record<string, string>) =>
    recordEvent(build, cause('orchestrator'), { type: type as EventType, data });
  expect(between(build, withEvent('release_restored', { now: 'release 2 is live' }))).toMatchObject([
    { kind: 'rolled_back', what: 'the release before this one is live again: release 2 is live' },
  ]);
  expect(between(build, withEvent('reminded', {}))).toMatchObject([
    { kind: 'reminder', what: expect.stringContaining('waits for advance') },
  ]);
  expect(between(build, withEvent('escalated', { to: 'grace' }))).toMatchObject([
    { kind: 'escalation', what: expect.stringMatching(/waits for advance.*\(for grace\)$/) },
  ]);
});

test('an approval gate is told once its page is there, anew for each page, to the next decider, and in the end not any more', () => {
  const gates = { plan: { approval: 'required' as const, approvers: ['ada', 'grace'], quorum: 2, remindAfterS: 60 } };
  const handoff = { ...buildIn('handoff_to_coder', newBuild({ mode: 'llm' })), gates };
  expect(kindsBetween(buildIn('planning', newBuild({ mode: 'llm' })), handoff)).toEqual([]);
  const open = atGate(handoff, digestOf('a'), NOW);
  expect(between(handoff, open)).toMatchObject([
    {
      ...{ kind: 'waiting', status: 'waiting', path: '/api/workflows/shop.b1/approvals' },
      what: 'ada, grace approves or rejects plan_approval (GET approvals), 2 approvals are missing',
    },
  ]);
  const half = apply(open, 'approve', { gate: 'plan_approval', digest: digestOf('a'), actor: 'ada' });
  expect(kindsBetween(open, half)).toEqual([]);
  const reminded = applyDue(half, LATER);
  expect(kindsBetween(half, reminded)).toEqual(['reminder']);
  const delegation = { gate: 'plan_approval', to: 'edsger', reason: 'away', actor: 'grace' };
  expect(between(half, apply(half, 'delegate', delegation))).toMatchObject([
    { kind: 'waiting', what: expect.stringContaining('edsger') },
  ]);
  const another = atGate({ ...half, request: digestOf('9') }, digestOf('b'), LATER);
  expect(kindsBetween(half, another)).toEqual(['waiting']);
  const passed = apply(half, 'approve', { gate: 'plan_approval', digest: digestOf('a'), actor: 'grace' });
  expect(kindsBetween(half, passed)).toEqual([]);
});

test('a build at its budget gate waits for money, and the cap that holds it counts as 100 %', () => {
  const build = { ...newBuild({ mode: 'llm' }), budget: { microUsd: 1_000_000 } };
  const gate = { scope: 'build', kind: 'usd', cap: 1_000_000, spent: 700_000, needed: 400_000 } as const;
  const held: BuildState = { ...build, budgetGate: { ...gate, at: NOW, turn: build.turn } };
  expect(between(build, held)).toMatchObject([
    { kind: 'budget', percent: 100 },
    { kind: 'waiting', status: 'waiting', what: expect.stringContaining('POST shop.b1/budget raises it') },
  ]);
});

test('80, 95 and 100 % of the budget are told once each, the highest of those that were passed together', () => {
  const at = (calls: number, cap = 100) =>
    ({
      ...newBuild({ mode: 'llm' }),
      ...({ budget: { calls: cap }, spend: [spendOf(calls)] } as object),
    }) as BuildState;
  const levels = (from: number, to: number) => between(at(from), at(to)).map(({ percent }) => percent);
  expect([levels(0, 79), levels(79, 80), levels(80, 94), levels(80, 95), levels(95, 100), levels(100, 130)]).toEqual([
    ...[[], [80], [], [95], [100], []],
  ]);
  expect(levels(10, 97)).toEqual([95]);
  expect(between(at(79), at(81))).toMatchObject([{ kind: 'budget', what: '81 % of the budget of the build is used' }]);
  // A raise leads below the level; the level is told again when it is reached again.
  expect(kindsBetween(at(100), at(100, 200))).toEqual([]);
  expect(kindsBetween(at(100, 200), at(160, 200))).toEqual(['budget']);
});

test('a build without targets has no notices, and a target gets the kinds that it wants', () => {
  const build = newBuild();
  expect(deliveriesBetween(null, build, LATER)).toEqual([]);
  const notify: NoticeTarget[] = [
    { url: 'https://a.example/x' },
    { email: 'ops@example.org', events: ['complete'] },
    { setting: 'abc', events: ['waiting', 'error'] },
  ];
  const deliveries = deliveriesBetween(null, { ...build, notify }, LATER);
  expect(deliveries.map(({ target }) => target)).toEqual([notify[0], notify[2]]);
  expect(new Set(deliveries.map(({ id }) => id)).size).toBe(2);
  const [notice] = between(null, build);
  expect(deliveriesOf([{ ...notice!, kind: 'test' }], notify)).toHaveLength(3);
});

test('the words of a notice are cut where they are long, and never in the middle of a character', () => {
  const build = { ...newBuild(), title: '😀'.repeat(200) };
  const [notice] = between(null, build);
  expect([...(notice?.title ?? '')]).toHaveLength(100);
  expect(notice?.title.endsWith('😀…')).toBe(true);
});

function asked(build: BuildState, ids: string[]): BuildState {
  const questions = ids.map((id) => ({ id, text: `${id}?` }));
  const output = { digest: digestOf('e'), bytes: 1 };
  return applyOutcome(build, { ...WORKED, kind: 'ask', questions, output } as Parameters<typeof applyOutcome>[1], NOW);
}

function cause(actor: string) {
  return { actor, now: LATER };
}

function spendOf(calls: number) {
  return { calls, inputTokens: 0, outputTokens: 0, microUsd: 0 };
}
