/**
 * Tests the purse of a role's activity: what it reserves, reports and finds, over tries, kills and void work.
 */
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../../src/activities';
import type { PhaseOutcome, StepTask } from '../../../src/activities/contract';
import type { Deps } from '../../../src/activities/deps';
import { callKeyOf } from '../../../src/domain/ids';
import { NOTHING } from '../../../src/domain/money/amounts';
import type { StoredReservation } from '../../../src/ports/documents';
import type { GrantRequest } from '../../../src/ports/grants';
import { until } from '../../until';
import { COST, MODEL_ID, chargingModel } from '../../money/charging-model';
import type { ChargingModel } from '../../money/charging-model';
import { HANG, fakeModel } from '../../workflows/fake-models';
import type { Answers } from '../../workflows/fake-models';
import { SILENT, openTestContext } from '../on-activity';
import type { TestContext } from '../on-activity';

/** What a request of the charging model reserves: 6000 * 15 + 1000 * 75 micro-dollars. */
const MOST = 165_000;
const BUDGET = { microUsd: 10_000_000, tokens: 100_000, calls: 10 };

let context: TestContext;
let model: ChargingModel;
let answers: Answers;
beforeEach(async () => {
  context = await openTestContext(() => ({ output: {} }));
  answers = {};
  model = chargingModel(fakeModel(() => answers, [], { scripted: false }));
});
afterEach(() => context.close());

const taskOf = (over: Partial<StepTask> = {}): StepTask => ({
  ...context.task({ phase: 'discovery' }),
  money: { budget: BUDGET, spent: NOTHING, uncounted: [] },
  ...over,
});

function discover(task: StepTask, { attempt = 1, over = {} }: { attempt?: number; over?: Partial<Deps> } = {}) {
  const deps = { ...context.deps, modelFor: () => model, ...over };
  const environment = new MockActivityEnvironment(
    { attempt, workflowExecution: { workflowId: 'shop.b1', runId: 'r1' } },
    { logger: SILENT },
  );
  const running = environment.run(createActivities(deps).discover, task) as Promise<PhaseOutcome>;
  return { environment, running };
}

const reservations = () => context.deps.documents.list('reservations', 'shop.b1.');
const paid = (microUsd: number, unknownCalls = 0) =>
  expect.objectContaining({ model: MODEL_ID, microUsd, unknownCalls }) as object;

/** A reservation of a worker that was killed before it knew the result. */
async function leave(task: StepTask, over: Partial<StoredReservation> = {}): Promise<void> {
  const tokens = { inputTokens: 6_000, cachedInputTokens: 0, outputTokens: 1_000, reasoningTokens: 0 };
  await context.deps.documents.replace('reservations', `${callKeyOf(task)}.0badcafe`, {
    ...{ state: 'sent', turn: task.turn, scheduledMs: 1, activityTry: 1, request: 'f'.repeat(64) },
    paid: { model: MODEL_ID, calls: 1, unknownCalls: 1, microUsd: MOST, ...tokens },
    ...{ at: new Date().toISOString(), until: new Date(Date.now() + 60_000).toISOString() },
    ...over,
  });
}

test('an activity reports what its call has cost, and a repeated one the same without a new call', async () => {
  const task = taskOf();
  const first = await discover(task).running;
  expect(first).toMatchObject({ kind: 'worked', spend: { call: callKeyOf(task), paid: [paid(COST)] } });
  expect((await discover(task, { attempt: 2 }).running).spend).toEqual(first.spend);
  // The build may have counted the call already, and the reservation is gone.
  for (const key of await reservations()) await context.deps.documents.remove('reservations', key);
  expect((await discover(task, { attempt: 3 }).running).spend).toEqual(first.spend);
  expect(model.books().calls).toBe(1);
});

test('a call of a killed worker counts with all that was reserved, beside the one that answers', async () => {
  const task = taskOf();
  await leave(task);
  const { spend } = await discover(task, { attempt: 2 }).running;
  expect(spend?.paid).toEqual([paid(COST + MOST, 1)]);
});

test('a reservation whose request was never sent costs nothing', async () => {
  const task = taskOf();
  await leave(task, { state: 'asked' });
  expect((await discover(task, { attempt: 2 }).running).spend?.paid).toEqual([paid(COST)]);
});

test('what is reserved counts against the cap, and the refused call leaves no reservation', async () => {
  const task = taskOf({ money: { budget: { ...BUDGET, microUsd: 2 * MOST - 1 }, spent: NOTHING, uncounted: [] } });
  await leave(task);
  const failure = await discover(task, { attempt: 2 }).running.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    ...{ type: 'Budget.Reached', nonRetryable: true },
    details: [{ capReached: { scope: 'build', kind: 'usd', cap: 2 * MOST - 1, spent: MOST, needed: MOST } }],
  });
  expect(model.books().calls).toBe(0);
  expect(await reservations()).toHaveLength(1);
});

test('a void call is found and reported once it has ended, and removed once it is counted', async () => {
  const voidTask = taskOf({ turn: 2 });
  await leave(voidTask);
  const uncounted = [callKeyOf(voidTask)];
  const next = taskOf({ attempt: 2, money: { budget: BUDGET, spent: NOTHING, uncounted } });
  // Its request may still run.
  expect((await discover(next).running).spend).toEqual({ call: callKeyOf(next), paid: [paid(COST)] });
  await leave(voidTask, { until: new Date(0).toISOString() });
  const later = taskOf({ attempt: 3, money: { budget: BUDGET, spent: NOTHING, uncounted } });
  const { spend } = await discover(later).running;
  expect(spend?.found).toEqual([{ call: callKeyOf(voidTask), paid: [paid(MOST, 1)] }]);
  await discover(taskOf({ attempt: 4, money: { budget: BUDGET, spent: NOTHING, uncounted: [] } })).running;
  expect((await reservations()).filter((key) => key.startsWith(callKeyOf(voidTask)))).toEqual([]);
});

test('work that newer work of its build has overtaken makes no call', async () => {
  await leave(taskOf({ turn: 9, attempt: 2 }));
  await expect(discover(taskOf({ turn: 3 })).running).rejects.toMatchObject({ type: 'Workspace.Overtaken' });
  expect(model.books().calls).toBe(0);
});

test('the project is asked for the total of the build, and its refusal holds the build at its own gate', async () => {
  const asked: GrantRequest[] = [];
  const refused = { scope: 'day', kind: 'usd', cap: 5, spent: 5, needed: 1 } as const;
  const grants = { ensure: async (request: GrantRequest) => (asked.push(request), { refused }) };
  const spent = { microUsd: 100, tokens: 10, calls: 1 };
  const task = taskOf({ money: { budget: BUDGET, spent, uncounted: [] }, grantEpoch: 4 });
  await expect(discover(task, { over: { grants } }).running).rejects.toMatchObject({
    details: [{ capReached: refused }],
  });
  expect(asked).toMatchObject([
    { projectId: 'shop', buildId: 'b1', epoch: 4, spent, needed: { microUsd: 100 + MOST, tokens: 7_010, calls: 2 } },
  ]);
  expect([model.books().calls, await reservations()]).toEqual([0, []]);
});

test('a cancelled call is settled with all that was reserved', async () => {
  answers = { discovery: HANG };
  const { environment, running } = discover(taskOf());
  const ended = running.catch((error: unknown) => error);
  while (model.books().calls === 0) await new Promise((resolve) => setImmediate(resolve));
  environment.cancel('CANCELLED');
  await ended;
  // The call ends a moment after its activity.
  const settled = await until(
    async () => context.deps.documents.load('reservations', (await reservations())[0] ?? ''),
    (one) => one?.state === 'settled',
  );
  expect(settled?.paid).toEqual(paid(MOST, 1));
});

test('a task of an older build reserves and reports nothing', async () => {
  const { money: _, ...older } = taskOf();
  expect((await discover(older).running).spend).toBeUndefined();
  expect(await reservations()).toEqual([]);
});
