/**
 * After a rollback, retry or cancel: takes the build's release down and resets its branch. Each step does nothing if it is already
 * done, so the activity may run any number of times.
 */
import type { UndoTask, Undone } from '../contract';
import type { Deps } from '../deps';
import { revoke } from './put-back';
import { loadRequest } from '../load-request';

export async function undo(deps: Deps, task: UndoTask): Promise<Undone> {
  const { projectId, buildId, requestKey, restoreTo } = task;
  // Production comes first, because it has users.
  const release = task.undoRelease ? await undoRelease(deps, task) : null;
  if (restoreTo !== null) {
    await deps.workspace.restore(
      { projectId, buildId, requestKey, commit: restoreTo },
      { generation: task.generation - 1 },
    );
  }
  return { release };
}

/** Takes down a release of this build only; a later release of another build stays live. */
async function undoRelease(deps: Deps, task: UndoTask): Promise<Undone['release']> {
  const request = await loadRequest(deps.artifacts, task);
  return revoke(deps.releaseTarget(request.release), task);
}
