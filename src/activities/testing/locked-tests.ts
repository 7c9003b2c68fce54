/**
 * The locked tests: kept as artifacts, named in the build by path and digest, laid over every checkout that is judged.
 */
import type { Locked } from '../../domain/evidence/tampering';
import type { ArtifactStore } from '../../ports/artifacts';
import type { FileChange } from '../../ports/workspace';

export interface LockedFile {
  path: string;
  text: string;
}

export async function readLocked(artifacts: ArtifactStore, locked: Locked | null): Promise<LockedFile[]> {
  const entries = Object.entries(locked?.files ?? {});
  return Promise.all(entries.map(async ([path, digest]) => ({ path, text: (await artifacts.get(digest)).toString() })));
}

/** The lock with what the auditor added; a file it deletes is locked no longer. */
export async function lockTests(
  artifacts: ArtifactStore,
  before: Locked | null,
  added: FileChange[],
): Promise<Locked | null> {
  const files = { ...before?.files };
  for (const { path, content } of added) {
    if (content === null) delete files[path];
    else files[path] = (await artifacts.put(content)).digest;
  }
  return lockOf(artifacts, files);
}

/** Without these paths: a person has approved that they differ. */
export async function unlock(artifacts: ArtifactStore, before: Locked | null, paths: string[]): Promise<Locked | null> {
  const files = Object.entries(before?.files ?? {}).filter(([path]) => !paths.includes(path));
  return lockOf(artifacts, Object.fromEntries(files));
}

/** The list is kept under the digest that names it, so that whoever reads of a lock can read what it was. */
async function lockOf(artifacts: ArtifactStore, files: Record<string, string>): Promise<Locked | null> {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return null;
  const { digest } = await artifacts.put(JSON.stringify(sorted));
  return { digest, files: Object.fromEntries(sorted) };
}
