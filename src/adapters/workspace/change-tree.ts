/**
 * Writes a new tree from the tree of a commit and a list of changes.
 *
 * Each call builds the tree in a temporary index file, so concurrent calls cannot disturb each other. Mode, encoding, byte
 * order mark and line ends that a change does not give are taken from the file that it replaces, even if the build deleted
 * that file earlier.
 */
import type { FileChange, TreeAt } from '../../ports/workspace';
import { loneSurrogateAt, placeIn } from '../../domain/text';
import { Failure } from '../../domain/failures';
import { pathProblem } from '../../inspect/paths';
import { encodeLike } from '../../inspect/text-bytes';
import { readBlobs } from './blobs';
import { indexLine, treeWith } from './index-file';
import { baseRefOf, branchOf, NO_COMMIT, readRef } from './repository';
import type { ProjectGit } from './repository';
import { readTree, refusePath } from './tree';
import type { TreeEntry } from './tree';

const MAX_FILE_BYTES = 1024 * 1024;
/** A file that is already larger than MAX_FILE_BYTES may grow by this many bytes. */
const GROWTH_BYTES = 64 * 1024;
const MAX_REPLACED_BYTES = 64 * 1024 * 1024;
const MAX_CHANGE_BYTES = 20 * 1024 * 1024;
/** The length is checked apart (a multiple of four): a repeated group here would need a regex stack as long as the text. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export type Entries = Map<string, TreeEntry>;

/** Returns the id of the new tree. Throws `Workspace.PathRefused` or `Workspace.TooLarge` before it writes anything. */
export async function changeTree(git: ProjectGit, at: TreeAt, changes: FileChange[]): Promise<string> {
  const lastChanges = checkChanges(changes);
  const entries = indexByPath(await readTree(git, at.commit));
  checkSizes(entries, changes);
  checkPlaces(entries, lastChanges);
  const writes = [...lastChanges.values()].filter((change) => !isDeletion(change));
  const replaced = await findReplaced(git, at, { entries, writes });
  const contents = await contentsOf(git, writes, replaced);
  const lines = [...lastChanges.values()].filter(isDeletion).map(({ path }) => indexLine('0', NO_COMMIT, path));
  for (const change of writes) {
    const oid = await writeBlob(git, contents.get(change.path) ?? Buffer.alloc(0));
    lines.push(indexLine(modeOf(change, replaced.get(change.path)), oid, change.path));
  }
  return treeWith(git, at.commit, lines);
}

const isDeletion = ({ content, base64 }: FileChange): boolean => content === null && base64 == null;

export function indexByPath(entries: TreeEntry[]): Entries {
  return new Map(entries.map((entry) => [entry.path, entry]));
}

/** Refuses bad paths and contents; returns the last change of each path. */
function checkChanges(changes: FileChange[]): Map<string, FileChange> {
  for (const change of changes) {
    const problem = pathProblem(change.path) ?? contentProblem(change);
    if (problem !== undefined) throw refusePath(change.path, problem);
  }
  return new Map(changes.map((change) => [change.path, change]));
}

function checkSizes(entries: Entries, changes: FileChange[]): void {
  let bytes = 0;
  for (const change of changes) {
    const size = sizeOf(change);
    const limit = Math.max(MAX_FILE_BYTES, (entries.get(change.path)?.bytes ?? 0) + GROWTH_BYTES);
    if (size > limit)
      throw new Failure(
        'Workspace.TooLarge',
        `${JSON.stringify(change.path)} has ${size} bytes; a file may have ${limit}.`,
      );
    bytes += size;
  }
  if (bytes > MAX_CHANGE_BYTES)
    throw new Failure('Workspace.TooLarge', `The change has ${bytes} bytes; one may have ${MAX_CHANGE_BYTES}.`);
}

function contentProblem(change: FileChange): string | undefined {
  const { content, base64 } = change;
  if (base64 != null && content !== null)
    return 'it has both content and base64; give one of them and null for the other';
  if (base64 != null && (base64.length % 4 !== 0 || !BASE64.test(base64)))
    return 'its base64 is not valid (RFC 4648, with padding, without line breaks)';
  const surrogateAt = loneSurrogateAt(content ?? '');
  if (surrogateAt !== undefined)
    return `its text holds half a character (a lone surrogate) at ${placeIn(content ?? '', surrogateAt)}`;
  if (isDeletion(change) && change.executable === true) return 'it is deleted, so it cannot be executable';
  return undefined;
}

function sizeOf({ content, base64 }: FileChange): number {
  return base64 != null ? Buffer.byteLength(base64, 'base64') : Buffer.byteLength(content ?? '', 'utf8');
}

/** Refuses a write onto anything but a regular file or a free path, and below anything but folders. */
export function checkPlaces(entries: Entries, changes: Map<string, FileChange>): void {
  const paths = new Set(entries.keys());
  // A file that is gone already is deleted: a role that does its work again deletes it again.
  for (const [path, change] of changes) if (isDeletion(change)) paths.delete(path);
  const writes = [...changes].filter(([, change]) => !isDeletion(change)).map(([path]) => path);
  for (const path of writes) {
    const mode = entries.get(path)?.mode;
    if (mode === '120000') throw refusePath(path, 'it is a symbolic link');
    if (mode === '160000') throw refusePath(path, 'it is a submodule');
    paths.add(path);
  }
  const folders = new Set([...paths].flatMap(parentsOf));
  for (const path of writes) {
    if (folders.has(path)) throw refusePath(path, 'it is a folder');
    const blockingParent = parentsOf(path).find((parent) => paths.has(parent));
    if (blockingParent !== undefined) throw refusePath(path, `${JSON.stringify(blockingParent)} is not a folder`);
  }
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Finds the regular file that each write replaces: the one in the tree, or one that an earlier step of the build deleted. */
async function findReplaced(
  git: ProjectGit,
  at: TreeAt,
  { entries, writes }: { entries: Entries; writes: FileChange[] },
): Promise<Entries> {
  const isNew = writes.some(({ path }) => !entries.has(path));
  const refs = isNew ? await Promise.all([branchOf(at), baseRefOf(at)].map((ref) => readRef(git, ref))) : [];
  const commits = [...new Set(refs)].filter((commit) => commit !== undefined && commit !== at.commit);
  const earlier = await Promise.all(commits.map(async (commit) => indexByPath(await readTree(git, commit ?? ''))));
  const found = writes.flatMap(({ path }) => {
    const entry = [entries, ...earlier].map((tree) => tree.get(path)).find((candidate) => candidate !== undefined);
    return entry?.mode.startsWith('100') ? [[path, entry] as const] : [];
  });
  return new Map(found);
}

async function contentsOf(git: ProjectGit, writes: FileChange[], replaced: Entries): Promise<Map<string, Buffer>> {
  // A larger file is not a text that people edit, so its encoding and line ends are not examined.
  const isSmall = ({ bytes }: TreeEntry): boolean => bytes <= MAX_REPLACED_BYTES;
  const neededEntries = writes
    .flatMap(({ path, base64 }) => (base64 == null ? (replaced.get(path) ?? []) : []))
    .filter(isSmall);
  const blobs = await readBlobs(git, neededEntries);
  const before = new Map(neededEntries.map(({ path }, index) => [path, blobs[index]]));
  return new Map(
    writes.map(({ path, content, base64 }) => {
      if (base64 != null) return [path, Buffer.from(base64, 'base64')];
      const old = before.get(path);
      if (old === undefined) return [path, Buffer.from(content ?? '', 'utf8')];
      const encoded = encodeLike(old, content ?? '');
      if ('problem' in encoded) throw refusePath(path, encoded.problem);
      return [path, encoded.bytes];
    }),
  );
}

function modeOf({ executable }: FileChange, replaced: TreeEntry | undefined): string {
  if (executable == null) return replaced?.mode ?? '100644';
  return executable ? '100755' : '100644';
}

async function writeBlob(git: ProjectGit, content: Buffer): Promise<string> {
  const { stdout } = await git(['hash-object', '-w', '--no-filters', '--stdin'], { stdin: content });
  return stdout.toString('utf8').trim();
}
