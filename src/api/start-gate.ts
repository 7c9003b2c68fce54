/**
 * How many builds of one project may be open at once: asked of Temporal before each start.
 *
 * Its list lags a moment, so starts of this process are counted apart from it until it must have them. Exact within one API
 * process; several of them may together exceed the limit by what they start within that moment.
 */
import { workflowIdOf } from '../domain/ids';
import type { BuildStart } from '../domain/build/state';
import { findShown } from './builds';
import type { ApiDeps } from './deps';
import { countRunning } from './listing';
import { Problem } from './problems';

/** Measured on the embedded server: some milliseconds; others promise a second. */
const LISTED_AFTER_MS = 10_000;

type StartsNow = Map<string, number>;

export function createStartGate(deps: ApiDeps) {
  const projects = new Map<string, StartsNow>();
  return {
    /** Throws a problem where the project has no room; a start that was made before is let through. */
    async pass<T>(start: BuildStart, run: () => Promise<T>): Promise<T> {
      const most = deps.maxOpenBuilds;
      if (most === undefined) return run();
      const { projectId } = start;
      const workflowId = workflowIdOf(start);
      const starts = startsNow(projects, projectId);
      const isOwn = !starts.has(workflowId);
      starts.set(workflowId, Date.now());
      try {
        if (isOwn && !(await hasRoom(deps, { projectId, workflowId, starts, most }))) {
          if ((await findShown(deps, workflowId)) === undefined) throw tooMany(projectId, most);
        }
        return await run();
      } catch (error) {
        if (isOwn) starts.delete(workflowId);
        throw error;
      }
    },
  };
}

/** Without those that Temporal must have listed by now. */
function startsNow(projects: Map<string, StartsNow>, projectId: string): StartsNow {
  const now = Date.now();
  for (const [project, starts] of projects) {
    for (const [id, at] of starts) if (now - at > LISTED_AFTER_MS) starts.delete(id);
    if (starts.size === 0) projects.delete(project);
  }
  const starts = projects.get(projectId) ?? new Map<string, number>();
  projects.set(projectId, starts);
  return starts;
}

interface Asked {
  projectId: string;
  workflowId: string;
  starts: StartsNow;
  most: number;
}

async function hasRoom(deps: ApiDeps, { projectId, workflowId, starts, most }: Asked): Promise<boolean> {
  // Of two at the edge the first one passes.
  const before = [...starts.keys()].slice(0, [...starts.keys()].indexOf(workflowId));
  const listed = await countRunning(deps, projectId, [...starts.keys()]);
  if (listed + before.length < most) return true;
  // Those of this process may have ended already.
  const open = await Promise.all(before.map((id) => isOpen(deps, id)));
  return listed + open.filter(Boolean).length < most;
}

/** One whose start is under way is not there yet, and counts. */
async function isOpen(deps: ApiDeps, workflowId: string): Promise<boolean> {
  return (await findShown(deps, workflowId))?.isOpen ?? true;
}

function tooMany(projectId: string, most: number): Problem {
  const message =
    `project ${projectId} has ${most} open builds, and may have no more (MAX_OPEN_BUILDS=${most}); ` +
    'wait until one has ended, or cancel one: GET /api/workflows?project_id=… lists them';
  return new Problem('Project.TooManyBuilds', message.replace('…', projectId), { limit: most });
}
