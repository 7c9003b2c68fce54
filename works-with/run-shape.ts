/**
 * Runs one shape as a whole build: starts it over HTTP with the repository and one sentence, and judges how it ended.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { workflowIdOf } from '../src/domain/ids';
import type { BuildState } from '../src/domain/build/state';
import { buildQuery } from '../src/workflows/messages';
import { until } from '../test/fixture';
import { gitIn } from './repository';
import type { Shape } from './shape';
import type { Stage } from './stage';
import { missingTool } from './tools';

export interface ShapeResult {
  name: string;
  result: 'complete' | 'stopped before the first paid call' | 'not available here' | 'wrong';
  seconds: number;
  paidCalls: number;
  note: string;
}

const BUILD_LIMIT_MS = 600_000;
const POLL_MS = 250;
const MAX_ATTEMPTS = 4;
/** Failures that name an obstacle in the repository or the machine. */
const OBSTACLE_FAILURE = /^(Environment\.|Workspace\.RepositoryUnreadable$)/;
const BUILD_ID = 'thousands';

export async function runShape(stage: Stage, shape: Shape): Promise<ShapeResult> {
  const missing = missingTool(shape);
  const { name } = shape;
  if (missing !== null) {
    return { name, result: 'not available here', seconds: 0, paidCalls: 0, note: `${missing} is not on PATH` };
  }
  const startedAt = performance.now();
  const projectId = projectIdOf(name);
  const verdict = await buildAndJudge(stage, projectId, shape).catch((error: unknown) => ({
    result: 'wrong' as const,
    note: error instanceof Error ? error.message : String(error),
  }));
  return {
    name,
    ...verdict,
    seconds: (performance.now() - startedAt) / 1_000,
    paidCalls: stage.paidCalls(projectId),
  };
}

/** Makes a project id from a shape's name. test/works-with/list.test.ts checks that no two shapes get the same id. */
export function projectIdOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

async function buildAndJudge(
  stage: Stage,
  projectId: string,
  shape: Shape,
): Promise<Pick<ShapeResult, 'result' | 'note'>> {
  const { api, furnish } = stage;
  const path = furnish(projectId, shape);
  const body = {
    build_id: BUILD_ID,
    user_id: 'ada',
    requirements: shape.work.sentence,
    repository: { path },
  };
  const started = await api.post(`/api/workflows/${projectId}/start`, body);
  if (started.status !== 201) return judgeRefused(shape, started.body);
  const workflowId = workflowIdOf({ projectId, buildId: BUILD_ID });
  const handle = api.stack.client.workflow.getHandle(workflowId);
  const failure = await untilAtRest(api, handle);
  if (failure !== null) return { result: 'wrong', note: failure };
  const state = await handle.query(buildQuery);
  const verdict =
    state.state === 'complete'
      ? judgeComplete(shape, path, workflowId)
      : judgeStopped(shape, { ...state, paidCalls: stage.paidCalls(projectId) });
  return { ...verdict, note: [verdict.note, reportOf(state)].filter((text) => text !== '').join('; ') };
}

/** Waits until the build ends or waits for a person; null then. If an activity keeps failing, terminates the build and gives the reason. */
async function untilAtRest(api: Stage['api'], handle: WorkflowHandle): Promise<string | null> {
  const readStatus = async () => {
    // The server may close an idle connection just as a request is sent on it; the next poll opens a new one.
    const { body } = await api.get(`/api/workflows/${handle.workflowId}/status`).catch(() => ({ body: {} }));
    const { raw } = await handle.describe();
    return { status: body.status as unknown, failingActivity: raw.pendingActivities?.find(isFailingForever) };
  };
  const isOver = ({ status, failingActivity }: Awaited<ReturnType<typeof readStatus>>): boolean =>
    failingActivity !== undefined || ['complete', 'error', 'waiting', 'cancelled'].includes(String(status));
  const { failingActivity } = await until(readStatus, isOver, BUILD_LIMIT_MS, POLL_MS).catch(async (error: unknown) => {
    await handle.terminate('it takes too long');
    throw error;
  });
  if (failingActivity === undefined) return null;
  await handle.terminate('the activity fails again and again');
  const { activityType, attempt, lastFailure } = failingActivity;
  return `${activityType?.name} has failed ${attempt} times; last: ${lastFailure?.message}`;
}

/** True if an activity fails with an unnamed failure, which Temporal retries for ever. */
function isFailingForever({ attempt, lastFailure }: { attempt?: number | null; lastFailure?: unknown }): boolean {
  return (attempt ?? 0) > MAX_ATTEMPTS && lastFailure != null;
}

function reportOf({ survey }: BuildState): string {
  if (survey == null) return 'no repository report';
  return `report: ${Object.entries(survey.summary)
    .map(([name, value]) => `${name} ${value ?? '-'}`)
    .join(', ')}`;
}

function judgeComplete(
  { expects, work }: Shape,
  path: string,
  workflowId: string,
): Pick<ShapeResult, 'result' | 'note'> {
  if (expects !== undefined && expects.orComplete !== true) {
    return {
      result: 'wrong',
      note: `complete, where an Environment failure with ${String(expects.environment)} is right`,
    };
  }
  const unexpectedFiles = changedOnBranch(path, workflowId)?.filter(
    (file) => !(file in work.code) && !(file in work.tests),
  );
  if (unexpectedFiles === undefined) return { result: 'complete', note: `no branch builds/${workflowId}` };
  if (unexpectedFiles.length === 0) return { result: 'complete', note: '' };
  return { result: 'wrong', note: `complete, and the result changes ${unexpectedFiles.slice(0, 5).join(', ')}` };
}

/** Gives the paths in which the result differs from the base; undefined without a result branch. */
function changedOnBranch(path: string, workflowId: string): string[] | undefined {
  const git = gitIn(path);
  const branch = `builds/${workflowId}`;
  if (git('branch', '--list', branch) === '') return undefined;
  const files = git('diff', '--name-only', '-z', `HEAD...${branch}`).split('\0');
  return files.filter((file) => file !== '');
}

type Stopped = BuildState & { paidCalls: number };

function judgeStopped({ expects }: Shape, stopped: Stopped): Pick<ShapeResult, 'result' | 'note'> {
  const { state, questions, failure, paidCalls } = stopped;
  const said = failure === null ? (questions[0]?.text ?? `stands in ${state}`) : `${failure.type}: ${failure.message}`;
  const first = firstRepeatReason(stopped);
  const note = `${failure?.reached ?? state}: ${said}${first === undefined ? '' : `; first: ${first}`}`;
  const isExpectedObstacle =
    failure !== null && OBSTACLE_FAILURE.test(failure.type) && expects?.environment.test(failure.message) === true;
  return { result: isExpectedObstacle && paidCalls === 0 ? 'stopped before the first paid call' : 'wrong', note };
}

/** Gives the first reason why a phase was repeated: later ones often only say that the mock model repeated its answer. */
function firstRepeatReason({ events, handoffs }: BuildState): string | undefined {
  const event = events.find(({ type }) => type === 'sent_back' || type === 'repeated');
  const handoff = handoffs.find(({ at }) => at === event?.at);
  const reason = handoff?.notes ?? event?.data.reason;
  return typeof reason === 'string' ? reason : undefined;
}

function judgeRefused({ expects }: Shape, problem: unknown): Pick<ShapeResult, 'result' | 'note'> {
  const said = `start was refused: ${JSON.stringify(problem)}`;
  return { result: expects?.environment.test(said) ? 'stopped before the first paid call' : 'wrong', note: said };
}
