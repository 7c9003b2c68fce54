/**
 * Stores the diff of a change as an artifact. The API and readers of the record have no access to the repository.
 */
import type { ArtifactRef } from '../ports/artifacts';
import type { Deps } from './deps';
import type { RepoId } from '../ports/workspace';

export interface KeptDiff extends ArtifactRef {
  from: string;
  to: string;
}

/** Stores the diff between two commits. The Code Writer's output names its own change, the Test Auditor's the whole change. */
export async function keepDiff(deps: Deps, repo: RepoId, span: { from: string; to: string }): Promise<KeptDiff> {
  const { projectId, buildId } = repo;
  const text = await deps.workspace.diff({ projectId, buildId }, span.from, span.to);
  return { ...span, ...(await deps.artifacts.put(text)) };
}
