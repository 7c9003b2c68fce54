/**
 * Tests the money of builds on a live server and worker: caps, raises, void work, time of work, forecast, and what is shown.
 */
import { randomUUID } from 'node:crypto';
import type { BuildState } from '../../src/domain/build/state';
import { spentBy } from '../../src/domain/build/spend';
import type { Deps } from '../../src/activities/deps';
import type { ModelRequest } from '../../src/ports/model';
import { buildQuery } from '../../src/workflows/messages';
import { until } from '../fixture';
import { verifies } from '../requirements/verifies';
import { HANG, fakeModel } from '../workflows/fake-models';
import type { Answers } from '../workflows/fake-models';
import { openStage } from '../workflows/stage';
import type { Run, Stage } from '../workflows/stage';
import { COST, MODEL_ID, chargingModel } from './charging-model';
import type { ChargingModel } from './charging-model';

let stage: Stage;
let model: ChargingModel;
const answersOf = new Map<string, Answers>();
const calls: ModelRequest[] = [];
beforeAll(async () => {
  model = chargingModel(fakeModel((buildId) => answersOf.get(buildId) ?? {}, calls, { scripted: false }));
  stage = await openStage({ deps: { modelFor: () => model } });
});
afterAll(() => stage?.stop());

const ROOMY = { microUsd: 10_000_000, tokens: 1_000_000, calls: 100, wallClockS: 86_400 };

function begin(over: { budget?: BuildState['budget']; answers?: Answers; projectId?: string } = {}): Promise<Run> {
  const buildId = randomUUID();
  answersOf.set(buildId, over.answers ?? {});
  // Other tests of this server may have left a ledger of the usual project whose worker has ended.
  const { budget = ROOMY, projectId = `budget-${randomUUID()}` } = over;
  return stage.begin({ start: { buildId, projectId, budget } });
}

const isHeld = ({ budgetGate, turn }: BuildState) => budgetGate?.turn === turn;
const reservationsOf = (deps: Deps, { handle }: Run) => deps.documents.list('reservations', `${handle.workflowId}.`);

verifies('9.11');
test('a build waits at its cap, is raised call by call, and ends without having spent more than its cap', async () => {
  const before = model.books();
  // A call may cost 6000 * 15 + 1000 * 75 micro-dollars, and costs 30000.
  const run = await begin({ budget: { ...ROOMY, microUsd: 170_000 } });
  let raises = 0;
  for (;;) {
    const build = await run.reach((one) => isHeld(one) || one.state === 'complete');
    expect(model.books().microUsd - before.microUsd).toBeLessThanOrEqual(build.budget?.microUsd ?? 0);
    if (build.state === 'complete') break;
    const { cap = 0, spent = 0, needed = 0 } = build.budgetGate ?? {};
    expect(cap).toBe(build.budget?.microUsd);
    expect(spent + needed).toBeGreaterThan(cap);
    await run.send('budget', { usd: (spent + needed) / 1_000_000, reason: 'go on' });
    raises += 1;
  }
  const build = await run.state();
  expect(raises).toBeGreaterThanOrEqual(5);
  expect(spentBy(build).microUsd).toBe(6 * COST);
  expect(model.books().microUsd - before.microUsd).toBe(6 * COST);
  expect(build.events.filter(({ type }) => type === 'over_budget')).toHaveLength(raises);
  await until(
    () => reservationsOf(stage.stack.deps, run),
    (keys) => keys.length === 0,
  );
});

test('at the cap the status is "waiting", says the sum and the command, and a lower total is refused', async () => {
  const run = await begin({ budget: { ...ROOMY, calls: 1 } });
  await run.reach(isHeld);
  const { card } = await until(
    async () => (await run.handle.describe()).memo as { card: { status: string; expects: { task: string } } },
    ({ card: one }) => one.status === 'waiting',
  );
  expect(card.expects.task).toMatch(
    /^The budget of this build is reached: 1 of 1 calls used, the next call may take 1; POST .*budget raises it, to 2 calls or more$/,
  );
  expect(await run.refusal('budget', { calls: 1, reason: 'more' })).toMatchObject({
    type: 'Command.NotHigher',
    message: 'calls must be higher than the present total of 1, not 1',
    field: 'calls',
  });
  await run.send('budget', { calls: 100, reason: 'more' });
  await run.reach('complete');
  expect((await run.state()).spend?.map(({ phase, attempt, calls: count }) => [phase, attempt, count])).toEqual(
    ['discovery', 'planning', 'implementation', 'testing', 'verification', 'deployment'].map((phase) => [phase, 1, 1]),
  );
});

test('a call that a rollback made void is counted with all that was reserved, and once', async () => {
  const run = await begin({
    answers: { planning: (request) => (request.generation === 1 ? HANG(request) : {}) },
  });
  await until(
    async () => model.charged,
    (charged) => charged.includes(`${run.buildId} planning`),
  );
  await run.send('rollback', { target_state: 'discovery', reason: 'again' });
  const build = await run.reach('complete');
  const charged = model.charged.filter((line) => line.startsWith(run.buildId)).length;
  expect(charged).toBe(8);
  const void_ = build.spend?.filter(({ unknownCalls }) => unknownCalls > 0);
  expect(void_).toMatchObject([{ phase: 'planning', generation: 1, calls: 1, microUsd: 6_000 * 15 + 1_000 * 75 }]);
  expect(spentBy(build)).toMatchObject({ calls: 8, microUsd: 7 * COST + 165_000 });
  expect(build.uncountedCalls).toBeUndefined();
});

test('a build that is cancelled during a paid call has that call in its record', async () => {
  const run = await begin({ answers: { discovery: HANG } });
  await until(
    async () => model.charged,
    (charged) => charged.includes(`${run.buildId} discovery`),
  );
  await run.send('cancel', { reason: 'no more' });
  const record = await until(
    () => stage.stack.deps.documents.load('records', run.handle.workflowId),
    (one) => one !== undefined,
  );
  expect(record?.spend).toMatchObject([{ phase: 'discovery', model: MODEL_ID, calls: 1, unknownCalls: 1 }]);
});

test('a build whose time of work is over waits, and goes on with more', async () => {
  const run = await begin({ budget: { ...ROOMY, wallClockS: 1 } });
  const held = await run.reach(isHeld);
  expect(held.budgetGate).toMatchObject({ kind: 'wall_clock', cap: 1 });
  expect(held.workedMs).toBeGreaterThanOrEqual(1_000);
  await run.send('budget', { wall_clock: '1h', reason: 'it needs longer' });
  expect((await run.reach('complete')).spend).toHaveLength(6);
});

test('a second build of a project is forecast from the first', async () => {
  const projectId = `forecast-${randomUUID().slice(0, 8)}`;
  const first = await begin({ projectId });
  expect((await first.reach('complete')).forecast).toMatchObject({ builds: 0, total: null });
  await until(
    () => stage.stack.deps.documents.load('spend-histories', projectId),
    (history) => history?.samples.length === 1,
  );
  const second = await begin({ projectId });
  const { forecast } = await second.reach('complete');
  const each = { median: COST, p90: COST };
  expect(forecast).toMatchObject({ builds: 1, total: { median: 6 * COST, p90: 6 * COST }, phases: { testing: each } });
});

test('lists find builds by what they have spent', async () => {
  const run = await begin();
  await run.reach('complete');
  const query = `BuildId = "${run.buildId}" AND BuildSpendUsd > 0.1`;
  await until(
    async () => (await stage.stack.client.workflow.count(query)).count,
    (count) => count === 1,
  );
});

test('a scripted build with a budget has the same number of events as one without, and reserves nothing', async () => {
  const scripted = await openStage();
  try {
    const run = await scripted.begin({ start: { budget: ROOMY } });
    const other = await scripted.begin();
    for (const one of [run, other]) await one.reach('complete');
    await Promise.all([run, other].map(({ handle }) => handle.result()));
    expect(await run.events()).toBe(await other.events());
    expect((await run.handle.query(buildQuery)).spend).toBeUndefined();
    expect(await reservationsOf(scripted.stack.deps, run)).toEqual([]);
  } finally {
    await scripted.stop();
  }
});
