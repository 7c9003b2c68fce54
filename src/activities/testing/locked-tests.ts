/**
 * The locked tests: kept as artifacts, named in the build by path and digest, laid over every checkout that is judged.
 */
import type { Named } from '../../domain/evidence/criteria';
import type { Locked } from '../../domain/evidence/tampering';
import type { ArtifactStore } from '../../ports/artifacts';
import type { FileChange } from '../../ports/workspace';

export interface LockedFile {
  path: string;
  text: string;
}
/** The lock and what is under it, in the order of the lock. */
export interface LockedTests {
  lock: Locked | null;
  files: LockedFile[];
}

export async function readLocked(artifacts: ArtifactStore, lock: Locked | null): Promise<LockedTests> {
  const entries = Object.entries(lock?.files ?? {});
  const read = async ([path, digest]: [string, string]) => ({ path, text: (await artifacts.get(digest)).toString() });
  return { lock, files: await Promise.all(entries.map(read)) };
}

/** The lock with what the auditor added; a file it deletes is locked no longer. */
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

/** Without these paths: a person has approved that they differ. */
export async function unlock(artifacts: ArtifactStore, before: Locked | null, paths: string[]): Promise<Locked | null> {
  const files = Object.entries(before?.files ?? {}).filter(([path]) => !paths.includes(path));
  return lockOf(artifacts, Object.fromEntries(files), before?.obsolete);
}

/** The list is kept under the digest that names it, so that a reader of a lock can see its content. */
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
