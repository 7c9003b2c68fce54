/**
 * Limits the open builds of a project, by a question to Temporal before each start.
 *
 * Temporal's list lags a moment, so this process counts its own recent starts in addition. The limit is exact within one API
 * process; several processes together may exceed it by the builds that they start within that moment.
 */
import { workflowIdOf } from '../domain/ids';
import type { BuildStart } from '../domain/build/start';
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
      const maxOpenBuilds = deps.maxOpenBuilds;
      if (maxOpenBuilds === undefined) return run();
      const { projectId } = start;
      const workflowId = workflowIdOf(start);
      const starts = recentStarts(projects, projectId);
      const isFirstStart = !starts.has(workflowId);
      starts.set(workflowId, Date.now());
      try {
        if (isFirstStart && !(await hasRoom(deps, { projectId, workflowId, starts, maxOpenBuilds }))) {
          if ((await findBuildView(deps, workflowId)) === undefined) throw tooManyBuilds(projectId, maxOpenBuilds);
        }
        return await run();
      } catch (error) {
        if (isFirstStart) starts.delete(workflowId);
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
  maxOpenBuilds: number;
}

async function hasRoom(deps: ApiDeps, { projectId, workflowId, starts, maxOpenBuilds }: Start): Promise<boolean> {
  // Only earlier starts count, so that of two simultaneous starts at the limit the first one passes.
  const earlierIds = [...starts.keys()].slice(0, [...starts.keys()].indexOf(workflowId));
  const listedCount = await countRunning(deps, projectId, [...starts.keys()]);
  if (listedCount + earlierIds.length < maxOpenBuilds) return true;
  // Recent starts of this process may have ended already.
  const openFlags = await Promise.all(earlierIds.map((id) => isOpen(deps, id)));
  return listedCount + openFlags.filter(Boolean).length < maxOpenBuilds;
}

/** A build whose start is in progress is not known to Temporal yet; it counts as open. */
async function isOpen(deps: ApiDeps, workflowId: string): Promise<boolean> {
  return (await findBuildView(deps, workflowId))?.isOpen ?? true;
}

function tooManyBuilds(projectId: string, maxOpenBuilds: number): Problem {
  const message =
    `project ${projectId} has ${maxOpenBuilds} open builds, and may have no more (MAX_OPEN_BUILDS=${maxOpenBuilds}); ` +
    `wait until one has ended, or cancel one: GET /api/workflows?project_id=${projectId} lists them`;
  return new Problem('Project.TooManyBuilds', message, { limit: maxOpenBuilds });
}
