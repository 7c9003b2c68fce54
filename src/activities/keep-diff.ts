/**
 * Keeps a change as text, for the record: the API has no repository, and a record is read where there is none.
 */
import type { ArtifactRef } from '../ports/artifacts';
import type { Deps } from './deps';
import type { RepoId } from '../ports/workspace';

export interface KeptDiff extends ArtifactRef {
  from: string;
  to: string;
}

/** The Code Writer's output names its own change, the Test Auditor's the whole one that was judged. */
export async function keepDiff(deps: Deps, repo: RepoId, span: { from: string; to: string }): Promise<KeptDiff> {
  const { projectId, buildId } = repo;
  const text = await deps.workspace.diff({ projectId, buildId }, span.from, span.to);
  return { ...span, ...(await deps.artifacts.put(text)) };
}
