/**
 * Puts back what a rollback, retry or cancel left behind. Looks before it acts, so it may run any number of times.
 */
import type { UndoTask } from './contract';
import type { Deps } from './deps';

export async function undo(deps: Deps, task: UndoTask): Promise<{ undone: boolean }> {
  const { projectId, buildId, restoreTo } = task;
  const undone = task.undoRelease && (await undoRelease(deps, task));
  if (restoreTo !== null) {
    await deps.workspace.restore({ projectId, buildId, commit: restoreTo }, { generation: task.generation - 1 });
  }
  return { undone };
}

/** Only a release of this very build is taken down; one that went live after it stays. */
async function undoRelease(deps: Deps, { projectId, buildId }: UndoTask): Promise<boolean> {
  const live = await deps.releases.live(projectId);
  if (live === null || !live.id.startsWith(`${buildId}.g`)) return false;
  // The undone release stands for its own predecessor, whatever that was by now.
  await deps.releases.restore({ projectId, previous: live, undo: live });
  return true;
}
