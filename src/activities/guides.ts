/**
 * Reads the repository's files for agents, which roles are shown. It reads them from the base commit, so that a build cannot change
 * the instructions of its own roles.
 */
import type { ShownGuides } from '../domain/guides';
import { readGuides } from '../inspect/read-guides';
import type { StartRequest } from '../requests/start-request';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { startingCommit } from './starting-commit';

type GuideTask = Parameters<typeof startingCommit>[1] & Pick<PhaseTask, 'base'>;

/** Gives the files for agents of the base commit; null where it has none. Prepares the workspace if no earlier phase has. */
export async function guidesOfBase(
  deps: Pick<Deps, 'workspace'>,
  task: GuideTask,
  request: Pick<StartRequest, 'repository'>,
): Promise<ShownGuides | null> {
  // Without a repository the base is empty.
  if (request.repository === undefined) return null;
  const { base } = await startingCommit(deps, task, request);
  return readGuides(deps.workspace, { ...task, commit: base });
}
