/**
 * A look at the builds of a project as Temporal and the records have them: what its ledger cannot have been told.
 *
 * An operator may terminate, reset and delete workflows behind every build's back, and the ledger itself too. The record of an
 * ended build is final, unless a later run of it is there.
 */
import { workflowIdOf } from '../domain/ids';
import { cancel } from '../domain/build/moves';
import { reportOf } from '../domain/build/report';
import { isClosed } from '../domain/build/state';
import type { BuildState } from '../domain/build/state';
import { beginProject, takeReport } from '../domain/project';
import type { Found, OpenBuild, ProjectState } from '../domain/project';
import type { SeenBuild } from '../ports/project-ledger';
import { redactValue } from '../inspect/secrets/redact';
import type { Look, LookTask } from './contract';
import type { Deps } from './deps';

/** A look is one answer in the history of the ledger; what is more comes with the next, which follows at once. */
const FOUND_LIMIT = 200;
/** Bounds what a look asks of the server. */
const LISTED_LIMIT = 5_000;
const ASKED_AT_ONCE = 10;
/** Longer than it takes to look twice. */
const READ_WITHIN_MS = 30 * 60_000;

type LookDeps = Pick<Deps, 'documents' | 'builds'>;

export async function lookAtBuilds(deps: LookDeps, task: LookTask): Promise<Look> {
  const { projectId, open } = task;
  const recorded = await idsRecorded(deps, projectId);
  if (task.isNew) return { found: [], isWhole: true, rebuilt: await rebuild(deps, projectId, recorded) };
  const running = await deps.builds.list(projectId, { running: true, limit: LISTED_LIMIT });
  const ids = [...new Set([...Object.keys(open), ...running])];
  const found: Found[] = [];
  for (let at = 0; at < ids.length && found.length < FOUND_LIMIT; at += ASKED_AT_ONCE) {
    const asked = ids
      .slice(at, at + ASKED_AT_ONCE)
      .map((buildId) => findOne(deps, { projectId, buildId }, open[buildId]));
    found.push(...(await Promise.all(asked)).filter((one) => one !== null));
  }
  const isWhole = found.length < FOUND_LIMIT;
  const ended = found.filter(isEnd).length;
  // Ended builds that the ledger has never counted: it was reset, or begun anew without its past.
  const rebuilt = isWhole && recorded.length > task.ended + ended ? await rebuild(deps, projectId, recorded) : null;
  return { found, isWhole, rebuilt };
}

function isEnd(found: Found): boolean {
  return found.kind === 'standing' && (found.report.kind === 'completed' || found.report.kind === 'cancelled');
}

/** The ledger as if it had heard of every build: from the records, and from the builds that have none. */
async function rebuild(deps: LookDeps, projectId: string, recorded: string[]): Promise<ProjectState> {
  const there = await deps.builds.list(projectId, { running: false, limit: LISTED_LIMIT });
  let project = beginProject(projectId);
  const ids = [...new Set([...recorded, ...there])];
  for (let at = 0; at < ids.length; at += ASKED_AT_ONCE) {
    const asked = ids.slice(at, at + ASKED_AT_ONCE).map((buildId) => findOne(deps, { projectId, buildId }, undefined));
    for (const one of await Promise.all(asked)) if (one?.kind === 'standing') project = takeReport(project, one.report);
  }
  return project;
}

interface Named {
  projectId: string;
  buildId: string;
}

/** Null where the ledger knows it, or where nothing certain can be said now. */
async function findOne(deps: LookDeps, named: Named, known: Pick<OpenBuild, 'sequence' | 'run'> | undefined) {
  const workflowId = workflowIdOf(named);
  const [seen, record] = await Promise.all([
    deps.builds.see(workflowId),
    deps.documents.load('records', workflowId),
  ] as const);
  const isLater = record === undefined || (seen !== null && seen.startedAt > (record.completedAt ?? ''));
  // One that is at its end has written its record already, and reports by itself.
  if (record !== undefined && !isLater) return seen?.isRunning === true ? null : standing(record);
  if (seen === null)
    return record === undefined ? ({ kind: 'gone', buildId: named.buildId } as const) : standing(record);
  if (seen.isRunning && isKnown(seen, known)) return null;
  const state = await deps.builds.stateOf(workflowId, seen.run);
  if (state === null) return seen.isRunning ? null : endedUnread(named, seen, known);
  if (seen.isRunning) {
    if (record !== undefined) await deps.documents.replace('reopened', workflowId, { at: seen.startedAt });
    return standing(state, { run: seen.run, record });
  }
  return standing(await keepEnd(deps, workflowId, { state, seen }), { run: seen.run, record });
}

function isKnown({ run, revision }: SeenBuild, known: Pick<OpenBuild, 'sequence' | 'run'> | undefined): boolean {
  if (known === undefined || revision === null) return false;
  return (known.run === undefined || known.run === run) && revision <= known.sequence;
}

function standing(
  build: BuildState,
  { run, record }: { run?: string; record?: BuildState | undefined } = {},
): Extract<Found, { kind: 'standing' }> {
  const report = { ...reportOf(build), ...(run === undefined ? {} : { run }) };
  return { kind: 'standing', report, ...(record === undefined ? {} : { counted: reportOf(record) }) };
}

/**
 * A workflow that ended without its build's doing has left no record: it is written now, while Temporal still has the state. What
 * the build owed, such as a release to put back, it still owes in there.
 */
async function keepEnd(
  { documents }: LookDeps,
  workflowId: string,
  { state, seen }: { state: BuildState; seen: SeenBuild },
): Promise<BuildState> {
  const now = seen.closedAt ?? seen.startedAt;
  const reason = `the workflow ended in Temporal (${seen.status})`;
  const ended = isClosed(state) ? state : cancel(state, { actor: 'temporal', now, reason });
  await documents.replace('records', workflowId, redactValue(ended).value);
  return ended;
}

/**
 * Its state cannot be read: it may be at the next look. After some of them it is counted without a record. Of one that nobody
 * has heard of nothing is counted: it may never have been a build.
 */
function endedUnread(
  { buildId }: Named,
  seen: SeenBuild,
  known: Pick<OpenBuild, 'sequence'> | undefined,
): Found | null {
  const isTriedAgain = Date.now() - Date.parse(seen.closedAt ?? seen.startedAt) < READ_WITHIN_MS;
  if (known === undefined || isTriedAgain) return null;
  return { kind: 'standing', report: { buildId, sequence: known.sequence + 1, kind: 'cancelled', run: seen.run } };
}

async function idsRecorded({ documents }: LookDeps, projectId: string): Promise<string[]> {
  const keys = await documents.list('records', `${projectId}.`);
  return keys.map((key) => key.slice(projectId.length + 1));
}
