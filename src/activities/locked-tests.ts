/**
 * The locked tests: kept as artifacts, named in the build by path and digest, laid over every checkout that is judged.
 */
import { createHash } from 'node:crypto';
import type { Locked } from '../domain/tampering';
import type { ArtifactStore, FileChange } from './deps';

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
  return lockOf(files);
}

/** Without these paths: a person has approved that they differ. */
export function unlock(before: Locked | null, paths: string[]): Locked | null {
  const files = Object.entries(before?.files ?? {}).filter(([path]) => !paths.includes(path));
  return lockOf(Object.fromEntries(files));
}

export function digestOfText(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function lockOf(files: Record<string, string>): Locked | null {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0
    ? null
    : { digest: digestOfText(JSON.stringify(sorted)), files: Object.fromEntries(sorted) };
}
