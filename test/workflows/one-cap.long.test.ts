/**
 * Many builds of one project at work against one cap, with calls that cost, whose price is not known, and some of which are lost as by
 * a killed worker: the project never pays more than the cap, no build is lost, and a raise lets all go on.
 */
import { createHash, randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { cannedActivities } from '../../bench/canned';
import { withHeartbeatAndFailureTypes } from '../../src/activities/boundary';
import type { PhaseOutcome, StepTask } from '../../src/activities/contract';
import { grantsOfOwnBuild } from '../../src/activities/grants';
import { createTaskPurse } from '../../src/activities/steps/purse';
import type { GrantCaps } from '../../src/domain/money/room';
import { spentBy } from '../../src/domain/build/spend';
import { isClosed } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import { budgetGateOf } from '../../src/domain/build/budget-gate';
import { ROLES } from '../../src/domain/roles';
import type { Role, RoleMode } from '../../src/domain/roles';
import { buildQuery, capsSignal, projectWorkflowId } from '../../src/workflows/messages';
import { startBuild, startStack, until } from '../fixture';
import type { Stack } from '../fixture';

const BUILDS = Number(process.env.ONE_CAP_BUILDS ?? 200);
/** A call costs 1,000 input and 200 output tokens at the price of unknown models: 15 and 75 US dollars a million. */
const COST_MICRO_USD = 1_000 * 15 + 200 * 75;
const CALLS_PER_BUILD = 6;
const QUIET_LOOKS = 5;
const USAGE = { inputTokens: 1_000, outputTokens: 200, cachedInputTokens: 0 };
/** Most of what a call may cost is never spent, so that much of each grant comes back. */
const REQUEST = { model: 'nowhere:unknown', bytes: 4_000, files: 0, outputTokens: 400, timeoutMs: 60_000 };
const ALL_LLM = Object.fromEntries(ROLES.map((role) => [role, 'llm'])) as Record<Role, RoleMode>;

let stack: Stack;
const books = new Map<string, number>();
let caps: GrantCaps = { total: {}, day: {} };

beforeAll(async () => {
  stack = await startStack({
    worker: false,
    deps: { projectCaps: () => Promise.resolve(caps) },
    activities: payingActivities(),
  });
  await stack.startWorker();
});
afterAll(() => stack?.stop());

/** The activities of the bench, each behind one paid call. */
function payingActivities() {
  const names = ['discover', 'plan', 'writeCode', 'auditTests', 'verify', 'release'] as const;
  const paying = names.map((name) => [
    name,
    withHeartbeatAndFailureTypes(async (task: StepTask): Promise<PhaseOutcome> => {
      const spend = await pay(task);
      return { ...(await cannedActivities(stack.deps)[name](task)), ...spend };
    }),
  ]);
  return Object.fromEntries(paying) as Pick<ReturnType<typeof cannedActivities>, (typeof names)[number]>;
}

async function pay(task: StepTask): Promise<Pick<PhaseOutcome, 'spend'>> {
  const { grants } = stack.deps;
  if (grants === undefined) throw new Error('the stack grants nothing');
  const { info, cancellationSignal: signal } = Context.current();
  const deps = { ...stack.deps, grants: grantsOfOwnBuild(grants) };
  const purse = createTaskPurse(deps, task, {
    activityTry: info.attempt,
    scheduledMs: info.scheduledTimestampMs,
    signal,
  });
  if (purse === undefined) throw new Error('the build has no budget');
  const request = createHash('sha256').update(`${task.buildId} ${task.phase}`).digest('hex');
  const reservation = await purse.reserve({ ...REQUEST, request });
  books.set(task.projectId, (books.get(task.projectId) ?? 0) + COST_MICRO_USD);
  // The worker dies between the request and its settlement: the retry counts the request with the most that it can have cost.
  if (info.attempt === 1 && request.startsWith('0'))
    throw ApplicationFailure.retryable('killed', 'Activity.Unexpected');
  await reservation.settle(USAGE);
  const spend = await purse.report();
  return spend === undefined ? {} : { spend };
}

test(`${BUILDS} builds of one project never pay more than its cap, none is lost, and the raise lets all go on`, async () => {
  const projectId = `p-${randomUUID().slice(0, 8)}`;
  const wanted = BUILDS * CALLS_PER_BUILD * COST_MICRO_USD;
  const cap = Math.floor(wanted / 3);
  caps = { total: { microUsd: cap }, day: {} };
  const start = { roles: ALL_LLM, budget: { microUsd: 100_000_000 } };
  const handles = await Promise.all(
    Array.from({ length: BUILDS }, () => startBuild(stack, { start: { ...start, projectId } })),
  );
  const states = () => Promise.all(handles.map((handle) => handle.query(buildQuery)));
  const isStanding = (build: BuildState) => isClosed(build) || budgetGateOf(build) !== null;
  const spentOf = (all: BuildState[]) => all.map((build) => spentBy(build).microUsd).reduce((sum, one) => sum + one);
  // What one build gives back lets another one go on, until nothing is paid any more.
  let [paidBefore, quietLooks] = [0, 0];
  const isUsedUp = (all: BuildState[]) => {
    const paid = books.get(projectId) ?? 0;
    quietLooks = all.every(isStanding) && paid === paidBefore ? quietLooks + 1 : 0;
    paidBefore = paid;
    return quietLooks === QUIET_LOOKS;
  };
  const stopped = await until(states, isUsedUp, 1_200_000, 2_000);
  expect(books.get(projectId)).toBeLessThanOrEqual(cap);
  expect(stopped.filter((build) => budgetGateOf(build)?.scope === 'project').length).toBeGreaterThan(0);

  // A worker that ends and starts again changes nothing.
  await stack.stopWorker();
  await stack.startWorker();
  caps = { total: { microUsd: 10 * wanted }, day: {} };
  await stack.client.workflow.getHandle(projectWorkflowId(projectId)).signal(capsSignal);
  const ended = await until(states, (all) => all.every(isClosed), 1_200_000, 2_000);
  expect(ended.filter(({ state }) => state === 'complete')).toHaveLength(BUILDS);
  // What the builds say they have spent is at least what was paid, as lost calls count with the most that they can have cost.
  expect(spentOf(ended)).toBeGreaterThanOrEqual(books.get(projectId) ?? 0);
}, 2_700_000);
