/**
 * Puts back what a rollback, retry or cancel left behind. Looks before it acts, so it may run any number of times.
 */
import type { UndoTask, Undone } from '../contract';
import type { Deps } from '../deps';
import { revoke } from './put-back';
import { loadRequest } from '../load-request';

export async function undo(deps: Deps, task: UndoTask): Promise<Undone> {
  const { projectId, buildId, requestKey, restoreTo } = task;
  // Production first: it has users, the branch has none.
  const release = task.undoRelease ? await undoRelease(deps, task) : null;
  if (restoreTo !== null) {
    await deps.workspace.restore(
      { projectId, buildId, requestKey, commit: restoreTo },
      { generation: task.generation - 1 },
    );
  }
  return { release };
}

/** Only a release of this very build is taken down; one that went live after it stays. */
async function undoRelease(deps: Deps, task: UndoTask): Promise<Undone['release']> {
  const request = await loadRequest(deps.artifacts, task);
  return revoke(deps.releaseTarget(request.release), task);
}
