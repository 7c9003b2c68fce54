/**
 * Where a build's work stands in git, for phases that may be the first to look.
 */
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import type { RepositorySource } from '../ports/workspace';
import type { StartRequest } from '../requests/start-request';

/** The commit to work on, and the one the build's branch began at; makes the workspace where none was needed before. */
export async function startingCommit(
  deps: Pick<Deps, 'workspace'>,
  task: Pick<PhaseTask, 'projectId' | 'buildId' | 'requestKey' | 'base' | 'commit'> & { isLook?: boolean },
  request: Pick<StartRequest, 'repository'>,
): Promise<{ base: string; commit: string }> {
  if (task.base !== null && task.commit !== null) return { base: task.base, commit: task.commit };
  const { commit: base } = await deps.workspace.prepare({ ...task, repository: sourceOf(request) });
  return { base, commit: task.commit ?? base };
}

/** The repository of the request as the workspace takes it. */
export function sourceOf({ repository }: Pick<StartRequest, 'repository'>): RepositorySource | undefined {
  return repository && { path: repository.path, url: repository.url, baseRef: repository.base_ref };
}
