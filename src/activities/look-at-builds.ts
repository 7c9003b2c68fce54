/**
 * Compares a project's ledger with the builds in Temporal and in the records (such a comparison is a look), and gives what it lacks.
 *
 * An operator may terminate, reset or delete the workflow of a build or of the ledger, and then no report is sent. The record of an
 * ended build is final, unless Temporal has a later run of that build.
 */
import { workflowIdOf } from '../domain/ids';
import { cancel } from '../domain/build/moves';
import { reportOf } from '../domain/build/report';
import { isClosed } from '../domain/build/state';
import type { BuildState } from '../domain/build/state';
import { beginProject, applyReport } from '../domain/project';
import type { SurveyResult, OpenBuild, ProjectState } from '../domain/project';
import type { WorkflowState } from '../ports/project-ledger';
import { redactValue } from '../inspect/secrets/redact';
import { countMoney } from './count-money';
import type { Look, LookTask } from './contract';
import type { Deps } from './deps';
import { withWholeSpend } from './whole-spend';

/** The most builds in one answer, which is one event of the ledger's history. The next look follows at once and gives the rest. */
const MAX_FOUND = 200;
/** The most builds that a look lists on the server. */
const MAX_LISTED = 5_000;
const MAX_CONCURRENT_QUERIES = 10;
/** How long looks try to read the state of an ended workflow: long enough for two looks. */
const READ_PERIOD_MS = 30 * 60_000;

type LookDeps = Pick<Deps, 'documents' | 'builds'>;

export async function lookAtBuilds(deps: LookDeps, task: LookTask): Promise<Look> {
  const { projectId, open } = task;
  const recorded = await listRecorded(deps, projectId);
  if (task.isNew) return { found: [], isWhole: true, rebuilt: await rebuild(deps, projectId, recorded) };
  const running = await deps.builds.list(projectId, { running: true, limit: MAX_LISTED });
  const ids = [...new Set([...Object.keys(open), ...running])];
  const found: SurveyResult[] = [];
  for (let start = 0; start < ids.length && found.length < MAX_FOUND; start += MAX_CONCURRENT_QUERIES) {
    const queries = ids
      .slice(start, start + MAX_CONCURRENT_QUERIES)
      .map((buildId) => findBuild(deps, { projectId, buildId }, open[buildId]));
    found.push(...(await Promise.all(queries)).filter((result) => result !== null));
  }
  const isWhole = found.length < MAX_FOUND;
  const ended = found.filter(isEnd).length;
  // More records than ended builds in the ledger: the ledger was reset, or started again without its history.
  const rebuilt = isWhole && recorded.length > task.ended + ended ? await rebuild(deps, projectId, recorded) : null;
  return { found, isWhole, rebuilt };
}

function isEnd(found: SurveyResult): boolean {
  return found.kind === 'standing' && (found.report.kind === 'completed' || found.report.kind === 'cancelled');
}

/** Counts all builds again: from the records, and from Temporal for builds without a record. */
async function rebuild(deps: LookDeps, projectId: string, recorded: string[]): Promise<ProjectState> {
  const listed = await deps.builds.list(projectId, { running: false, limit: MAX_LISTED });
  let project = beginProject(projectId);
  const seen: SurveyResult[] = [];
  const granted = await deps.documents.list('grants', `${projectId}.`);
  const ids = [...new Set([...recorded, ...listed, ...granted.map((key) => key.slice(projectId.length + 1))])];
  for (let start = 0; start < ids.length; start += MAX_CONCURRENT_QUERIES) {
    const batch = ids.slice(start, start + MAX_CONCURRENT_QUERIES);
    const results = await Promise.all(batch.map((buildId) => findBuild(deps, { projectId, buildId }, undefined)));
    for (const found of results) {
      if (found?.kind === 'standing') project = applyReport(project, found.report);
      if (found !== null) seen.push(found);
    }
  }
  const money = await countMoney(deps, projectId, seen);
  return money === null ? project : { ...project, money };
}

interface BuildName {
  projectId: string;
  buildId: string;
}

/** Gives what the ledger lacks about one build; null where it lacks nothing, or where the state cannot be read now. */
async function findBuild(deps: LookDeps, name: BuildName, known: Pick<OpenBuild, 'sequence' | 'run'> | undefined) {
  const workflowId = workflowIdOf(name);
  const [workflow, record] = await Promise.all([
    deps.builds.see(workflowId),
    deps.documents.load('records', workflowId),
  ] as const);
  const isLater = record === undefined || (workflow !== null && workflow.startedAt > (record.completedAt ?? ''));
  // A build that is about to end has written its record already, and sends its last report itself.
  if (record !== undefined && !isLater) return workflow?.isRunning === true ? null : foundState(record);
  if (workflow === null)
    return record === undefined ? ({ kind: 'gone', buildId: name.buildId } as const) : foundState(record);
  if (workflow.isRunning && isCurrent(workflow, known)) return null;
  const state = await deps.builds.stateOf(workflowId, workflow.run);
  if (state === null) return workflow.isRunning ? null : foundUnreadable(name, workflow, known);
  if (workflow.isRunning) {
    if (record !== undefined) await deps.documents.replace('reopened', workflowId, { at: workflow.startedAt });
    return withSpend(deps, name, foundState(state, { run: workflow.run, record }));
  }
  const ended = await recordEnd(deps, workflowId, { state, seen: workflow });
  return withSpend(deps, name, foundState(ended, { run: workflow.run, record }));
}

async function withSpend(
  deps: LookDeps,
  { projectId }: BuildName,
  found: Extract<SurveyResult, { kind: 'standing' }>,
): Promise<SurveyResult> {
  return { ...found, report: await withWholeSpend(deps, projectId, found.report) };
}

function isCurrent({ run, revision }: WorkflowState, known: Pick<OpenBuild, 'sequence' | 'run'> | undefined): boolean {
  if (known === undefined || revision === null) return false;
  return (known.run === undefined || known.run === run) && revision <= known.sequence;
}

function foundState(
  build: BuildState,
  { run, record }: { run?: string; record?: BuildState | undefined } = {},
): Extract<SurveyResult, { kind: 'standing' }> {
  const report = { ...reportOf(build), ...(run === undefined ? {} : { run }) };
  return { kind: 'standing', report, ...(record === undefined ? {} : { counted: reportOf(record) }) };
}

/**
 * Writes the record of a build whose workflow was terminated or failed, while Temporal still has its state. Pending effects, such
 * as a release to take down, stay pending in the record.
 */
async function recordEnd(
  { documents }: LookDeps,
  workflowId: string,
  { state, seen }: { state: BuildState; seen: WorkflowState },
): Promise<BuildState> {
  const now = seen.closedAt ?? seen.startedAt;
  const reason = `the workflow ended in Temporal (${seen.status})`;
  const ended = isClosed(state) ? state : cancel(state, { actor: 'temporal', now, reason });
  await documents.replace('records', workflowId, redactValue(ended).value);
  return ended;
}

/**
 * Handles an ended workflow whose state cannot be read. Later looks try again; after `READ_PERIOD_MS` the build counts as cancelled,
 * without a record. A workflow that the ledger does not know is never counted, because it may not have been a build.
 */
function foundUnreadable(
  { buildId }: BuildName,
  seen: WorkflowState,
  known: Pick<OpenBuild, 'sequence'> | undefined,
): SurveyResult | null {
  const mayStillBeRead = Date.now() - Date.parse(seen.closedAt ?? seen.startedAt) < READ_PERIOD_MS;
  if (known === undefined || mayStillBeRead) return null;
  return { kind: 'standing', report: { buildId, sequence: known.sequence + 1, kind: 'cancelled', run: seen.run } };
}

async function listRecorded({ documents }: LookDeps, projectId: string): Promise<string[]> {
  const keys = await documents.list('records', `${projectId}.`);
  return keys.map((key) => key.slice(projectId.length + 1));
}
