/**
 * Limits the open builds of a project; Temporal is asked before each start.
 *
 * Temporal's list lags a moment, so this process counts its own recent starts in addition. The limit is exact within one API
 * process; several processes together may exceed it by the builds that they start within that moment.
 */
import { workflowIdOf } from '../domain/ids';
import type { BuildStart } from '../domain/build/state';
import { findBuildView } from './builds';
import type { ApiDeps } from './deps';
import { countRunning } from './listing';
import { Problem } from './problems';

/** After this time Temporal's list must have a start. The embedded server needs some milliseconds; others promise a second. */
const LISTED_AFTER_MS = 10_000;

/** Times of recent starts by workflow id, in milliseconds since the epoch. */
type RecentStarts = Map<string, number>;

export function createStartGate(deps: ApiDeps) {
  const projects = new Map<string, RecentStarts>();
  return {
    /** Runs the start. Throws `Project.TooManyBuilds` at the limit, except for a repeated start of an existing build. */
    async pass<T>(start: BuildStart, run: () => Promise<T>): Promise<T> {
      const most = deps.maxOpenBuilds;
      if (most === undefined) return run();
      const { projectId } = start;
      const workflowId = workflowIdOf(start);
      const starts = recentStarts(projects, projectId);
      const isOwn = !starts.has(workflowId);
      starts.set(workflowId, Date.now());
      try {
        if (isOwn && !(await hasRoom(deps, { projectId, workflowId, starts, most }))) {
          if ((await findBuildView(deps, workflowId)) === undefined) throw tooMany(projectId, most);
        }
        return await run();
      } catch (error) {
        if (isOwn) starts.delete(workflowId);
        throw error;
      }
    },
  };
}

/** Gives the project's recent starts, after it has dropped those that Temporal must have listed by now. */
function recentStarts(projects: Map<string, RecentStarts>, projectId: string): RecentStarts {
  const now = Date.now();
  for (const [project, starts] of projects) {
    for (const [id, at] of starts) if (now - at > LISTED_AFTER_MS) starts.delete(id);
    if (starts.size === 0) projects.delete(project);
  }
  const starts = projects.get(projectId) ?? new Map<string, number>();
  projects.set(projectId, starts);
  return starts;
}

interface Start {
  projectId: string;
  workflowId: string;
  starts: RecentStarts;
  most: number;
}

async function hasRoom(deps: ApiDeps, { projectId, workflowId, starts, most }: Start): Promise<boolean> {
  // Only earlier starts count, so that of two simultaneous starts at the limit the first one passes.
  const before = [...starts.keys()].slice(0, [...starts.keys()].indexOf(workflowId));
  const listed = await countRunning(deps, projectId, [...starts.keys()]);
  if (listed + before.length < most) return true;
  // Recent starts of this process may have ended already.
  const open = await Promise.all(before.map((id) => isOpen(deps, id)));
  return listed + open.filter(Boolean).length < most;
}

/** A build whose start is in progress is not known to Temporal yet; it counts as open. */
async function isOpen(deps: ApiDeps, workflowId: string): Promise<boolean> {
  return (await findBuildView(deps, workflowId))?.isOpen ?? true;
}

function tooMany(projectId: string, most: number): Problem {
  const message =
    `project ${projectId} has ${most} open builds, and may have no more (MAX_OPEN_BUILDS=${most}); ` +
    'wait until one has ended, or cancel one: GET /api/workflows?project_id=… lists them';
  return new Problem('Project.TooManyBuilds', message.replace('…', projectId), { limit: most });
}
