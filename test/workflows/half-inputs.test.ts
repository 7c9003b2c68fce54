/**
 * Starts workflows by hand with incomplete inputs: each run fails once with a clear message, or works; no workflow task fails.
 */
import { randomUUID } from 'node:crypto';
import { buildInputProblem } from '../../src/domain/build/input';
import type { BuildState } from '../../src/domain/build/state';
import { beginProject, applyReport } from '../../src/domain/project';
import { projectInputProblem } from '../../src/domain/project-input';
import { STATES } from '../../src/domain/states';
import { BUILD_WORKFLOW, CHECK_WORKFLOW, PROJECT_WORKFLOW, RESTORE_WORKFLOW } from '../../src/workflows/messages';
import { advanceOf, apply, buildIn, newBuild, withFinding } from '../domain/a-build';
import { until } from '../until';
import { openStage } from './stage';
import type { Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.stop());

/** Other files have a shop of their own on this server. */
const projectId = `half-${randomUUID().slice(0, 8)}`;
/** Builds with something in most members. */
const RICH: BuildState[] = [
  { ...withFinding(buildIn('error'), 'a'), feedback: ['mend it'], answers: { Q1: 'yes' } },
  apply(buildIn('testing'), 'rollback', {
    target_state: 'planning',
    reason: 'back',
    actor: 'ada',
    idempotency_key: 'k',
  }),
  apply(newBuild(), 'cancel', { reason: 'no' }),
].map((build) => ({ ...build, projectId }));
const ledger = [
  { buildId: 'a', sequence: 1, kind: 'started' as const, run: 'r' },
  { buildId: 'b', sequence: 4, kind: 'failed' as const, failures: { testing: 1 } },
].reduce(applyReport, beginProject(projectId));
const { buildId, userId, title, request, roles, retriesPerPhase, createdAt } = newBuild();
const start = { projectId, buildId, userId, title, request, roles, retriesPerPhase, createdAt };

const WHOLE: Array<[type: string, input: object]> = [
  [BUILD_WORKFLOW, { start }],
  ...RICH.map((resumed): [string, object] => [BUILD_WORKFLOW, { resumed }]),
  [PROJECT_WORKFLOW, { projectId }],
  [PROJECT_WORKFLOW, { resumed: ledger }],
  [CHECK_WORKFLOW, { projectId, request }],
  [RESTORE_WORKFLOW, { projectId, number: 1, restoreId: 'r', reason: 'x', actor: 'a', at: createdAt }],
];

type Path = string[];
function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [[...at, name], ...pathsIn(member, [...at, name])]);
}

const WRONG: unknown[] = [undefined, null, 7, 'x', [], {}, true];
/** The value with something else in the place that the path leads to. */
function bent(value: unknown, [name, ...rest]: Path, wrong: unknown): unknown {
  if (name === undefined) return wrong;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const members = copy as Record<string, unknown>;
  members[name] = bent(members[name], rest, wrong);
  return copy;
}

/** Of each whole input so many, spread evenly over its members; each with an id of its own. */
const SHARE = 16;
const SAMPLE = WHOLE.flatMap(([type, input], kind) => {
  const paths = pathsIn(input);
  const some = paths.filter((_, n) => n % Math.ceil(paths.length / SHARE) === 0);
  return some.map((path, n) => {
    const named = JSON.parse(
      JSON.stringify(input).replace(
        type === PROJECT_WORKFLOW ? `"projectId":"${projectId}"` : '"buildId":"b1"',
        type === PROJECT_WORKFLOW ? `"projectId":"${projectId}-${kind}-${n}"` : `"buildId":"b-${kind}-${n}"`,
      ),
    ) as object;
    return { type, path, input: bent(named, path, WRONG[n % WRONG.length]) };
  });
});

test('S13: fifty halves and more are tried, of every workflow', () => {
  expect(SAMPLE.length).toBeGreaterThanOrEqual(50);
  expect(new Set(SAMPLE.map(({ type }) => type)).size).toBe(4);
});

async function outcomeOf(type: string, input: unknown) {
  const { client, config } = stage.stack;
  const workflowId = idOf(type, input);
  const options = { workflowId, taskQueue: config.temporal.taskQueue, args: [input] };
  const handle = await client.workflow.start(type, options);
  const history = await until(
    () => handle.fetchHistory(),
    ({ events }) =>
      (events ?? []).some((one) => one.workflowTaskCompletedEventAttributes || one.workflowTaskFailedEventAttributes),
  );
  const failedTasks = history.events?.filter((one) => one.workflowTaskFailedEventAttributes).length;
  const failure = history.events?.find((one) => one.workflowExecutionFailedEventAttributes);
  await handle.terminate().catch(() => undefined);
  const { failure: said } = failure?.workflowExecutionFailedEventAttributes ?? {};
  return { failedTasks, type: said?.applicationFailureInfo?.type ?? null, message: said?.message ?? '' };
}

/** An id that the input would have, so that the input alone is wrong; each once. */
function idOf(type: string, input: unknown): string {
  const { start: begun, resumed, projectId: project } = (input ?? {}) as Record<string, { [key: string]: string }>;
  const of = begun ?? resumed;
  if (type === BUILD_WORKFLOW) return `${of?.projectId}.${of?.buildId}`;
  if (type === PROJECT_WORKFLOW) return `project:${String(project ?? of?.projectId)}`;
  return `${type}:${randomUUID()}`;
}

test('S13: each half fails once with the member that is wrong, or is a whole input; no workflow task fails', async () => {
  const seen: Array<{ what: string; type: string | null; message: string }> = [];
  for (const { type, path, input } of SAMPLE) {
    const { failedTasks, ...failed } = await outcomeOf(type, input);
    expect({ path, failedTasks }).toEqual({ path, failedTasks: 0 });
    seen.push({ what: `${type} ${path.join('.')}`, ...failed });
  }
  const refused = seen.filter(({ type }) => type !== null);
  expect(refused.filter(({ type }) => type !== 'Build.Malformed')).toEqual([]);
  expect(refused.length).toBeGreaterThan(SAMPLE.length / 2);
  for (const { message } of refused) expect(message).toMatch(/^the input is wrong: .+; .*(?:POST|build)/);
});

test('S13: an input under the id of another build is refused', async () => {
  const { client, config } = stage.stack;
  const options = {
    workflowId: `${projectId}.${randomUUID()}`,
    taskQueue: config.temporal.taskQueue,
    args: [{ start }],
  };
  const failure = await client.workflow
    .execute(BUILD_WORKFLOW, options)
    .catch((error: { cause: unknown }) => error.cause);
  expect(failure).toMatchObject({
    type: 'Build.Malformed',
    message: expect.stringContaining(`${projectId}.b1`),
  });
});

test('S13: whole inputs pass: builds of every state, and ledgers', () => {
  const builds = [
    ...STATES.map((state) => buildIn(state)),
    ...RICH,
    apply(newBuild(), 'advance', advanceOf('discovery')),
  ];
  expect(builds.map((resumed) => buildInputProblem(JSON.parse(JSON.stringify({ resumed }))))).toEqual(
    builds.map(() => null),
  );
  expect(buildInputProblem({ start })).toBeNull();
  expect([{ projectId }, { resumed: ledger }].map(projectInputProblem)).toEqual([null, null]);
});
