/**
 * Stores locked tests as artifacts. The build names each by path and digest, and every checkout that is judged gets their content.
 */
import type { Named } from '../../domain/evidence/criteria';
import type { Locked } from '../../domain/evidence/tampering';
import type { ArtifactStore } from '../../ports/artifacts';
import type { FileChange } from '../../ports/workspace';

export interface LockedFile {
  path: string;
  text: string;
}
/** The lock and the contents of its files, in the order of the lock. */
export interface LockedTests {
  lock: Locked | null;
  files: LockedFile[];
}

export async function readLocked(artifacts: ArtifactStore, lock: Locked | null): Promise<LockedTests> {
  const entries = Object.entries(lock?.files ?? {});
  const read = async ([path, digest]: [string, string]) => ({ path, text: (await artifacts.get(digest)).toString() });
  return { lock, files: await Promise.all(entries.map(read)) };
}

/** Adds the auditor's files to the lock. A file that the auditor deletes leaves the lock. */
export async function lockTests(
  artifacts: ArtifactStore,
  { lock, files }: LockedTests,
  { files: added, obsolete }: { files: FileChange[]; obsolete: Named[] },
): Promise<LockedTests> {
  const digests = { ...lock?.files };
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  for (const { path, content } of added) {
    if (content === null) delete digests[path];
    else digests[path] = (await artifacts.put(content)).digest;
    texts.set(path, content ?? '');
  }
  const relocked = await lockOf(artifacts, digests, [...(lock?.obsolete ?? []), ...obsolete]);
  const paths = Object.keys(relocked?.files ?? {});
  return { lock: relocked, files: paths.map((path) => ({ path, text: texts.get(path) ?? '' })) };
}

/** Removes paths from the lock whose changes a person has approved. */
export async function unlock(artifacts: ArtifactStore, lock: Locked | null, paths: string[]): Promise<Locked | null> {
  const files = Object.entries(lock?.files ?? {}).filter(([path]) => !paths.includes(path));
  return lockOf(artifacts, Object.fromEntries(files), lock?.obsolete);
}

/** Makes the lock. The list of paths and digests is stored under the lock's digest, so that a reader of the record can see it. */
async function lockOf(
  artifacts: ArtifactStore,
  files: Record<string, string>,
  obsolete: Named[] = [],
): Promise<Locked | null> {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return null;
  const { digest } = await artifacts.put(JSON.stringify(sorted));
  return { digest, files: Object.fromEntries(sorted), ...(obsolete.length === 0 ? {} : { obsolete }) };
}
