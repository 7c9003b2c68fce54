/**
 * Finds the base commit and the current commit of a build, and prepares its workspace if no earlier phase has.
 */
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import type { RepositorySource } from '../ports/workspace';
import type { StartRequest } from '../requests/start-request';

/** Gives the commit to work on and the base commit of the build. */
export async function startingCommit(
  deps: Pick<Deps, 'workspace'>,
  task: Pick<PhaseTask, 'projectId' | 'buildId' | 'requestKey' | 'base' | 'commit'> & { isLook?: boolean },
  request: Pick<StartRequest, 'repository'>,
): Promise<{ base: string; commit: string }> {
  if (task.base !== null && task.commit !== null) return { base: task.base, commit: task.commit };
  const { commit: base } = await deps.workspace.prepare({ ...task, repository: sourceOf(request) });
  return { base, commit: task.commit ?? base };
}

/** Converts the repository of the start request to the form that the workspace takes. */
export function sourceOf({ repository }: Pick<StartRequest, 'repository'>): RepositorySource | undefined {
  return repository && { path: repository.path, url: repository.url, baseRef: repository.base_ref };
}
