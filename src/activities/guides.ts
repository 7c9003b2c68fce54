/**
 * The files for agents that a role is shown: those of the base, so that no build writes its own.
 */
import type { ShownGuides } from '../domain/guides';
import { readGuides } from '../inspect/read-guides';
import type { StartRequest } from '../requests/start-request';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { startingCommit } from './starting-commit';

type Asked = Parameters<typeof startingCommit>[1] & Pick<PhaseTask, 'base'>;

/** Those of the base; null where it has none. Makes the workspace where no phase before needed it. */
export async function guidesOfBase(
  deps: Pick<Deps, 'workspace'>,
  task: Asked,
  request: Pick<StartRequest, 'repository'>,
): Promise<ShownGuides | null> {
  // Without a repository the base is empty.
  if (request.repository === undefined) return null;
  const { base } = await startingCommit(deps, task, request);
  return readGuides(deps.workspace, { ...task, commit: base });
}
