/**
 * Writes the tree of a commit into an empty folder: exact bytes, no filters, no attributes, nothing outside the folder.
 *
 * Links are written last, after all files and folders, and every folder is opened by descriptor: no write goes through a
 * link, not even through one that another process makes in the meantime.
 */
import { open, readdir, symlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { TreeAt } from '../../ports/workspace';
import { Failure } from '../../domain/failures';
import { withFolderBelow, withFolder } from '../machine/held-folder';
import type { OpenFolder } from '../machine/held-folder';
import { readBlobs } from './blobs';
import { readLfsObject } from './lfs-objects';
import { readWholeTree } from './submodules';
import { lfsPointerOf } from '../../inspect/lfs';
import { pathFromBytes, pathToBytes } from '../../inspect/path-bytes';
import { linkStaysInside, staysBelow } from '../../inspect/paths';
import type { ProjectGit } from './repository';
import { refusePath } from './tree';
import type { TreeEntry } from './tree';

const BATCH_BYTES = 32 * 1024 * 1024;

export interface TreeLimits {
  bytes: number;
  entries: number;
}
export const TREE_LIMITS: TreeLimits = { bytes: 1024 ** 3, entries: 100_000 };

export async function checkoutTree(
  git: ProjectGit,
  at: TreeAt,
  { folder, limits = TREE_LIMITS }: { folder: string; limits?: TreeLimits | undefined },
): Promise<void> {
  const entries = await readWholeTree(git, at.commit);
  checkSize(entries, limits);
  const escapingEntry = entries.find(({ path }) => !staysBelow(path));
  if (escapingEntry !== undefined) throw refusePath(escapingEntry.path, 'it cannot be written below a folder');
  const isLink = (entry: TreeEntry): boolean => entry.mode === '120000';
  await withFolder(folder, async (root) => {
    if ((await readdir(root.path)).length > 0) throw new Error(`The folder ${folder} is not empty.`);
    const [files, links] = [entries.filter((entry) => !isLink(entry)), entries.filter(isLink)];
    for (const batch of batches(files)) await writeBatch(git, batch, { root, write: fileWriter(git) });
    const targets = await linkTargets(git, links);
    const staysInside = ({ path }: TreeEntry): boolean =>
      linkStaysInside(path, targets.get(path) ?? '', (link) => targets.get(link));
    await writeBatch(git, links.filter(staysInside), { root, write: writeLink });
  });
}

function checkSize(entries: TreeEntry[], limits: TreeLimits): void {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > limits.bytes) {
    throw new Failure('Workspace.TooLarge', `The tree has ${bytes} bytes; one may have ${limits.bytes}.`);
  }
  if (entries.length > limits.entries) {
    throw new Failure('Workspace.TooLarge', `The tree has ${entries.length} files; one may have ${limits.entries}.`);
  }
}

/** Returns the target of each link by the link's path, as git stores it. */
export async function linkTargets(git: ProjectGit, links: TreeEntry[]): Promise<Map<string, string>> {
  const contents = await readBlobs(git, links);
  return new Map(links.map(({ path }, index) => [path, pathFromBytes(contents[index] ?? Buffer.alloc(0))]));
}

type Write = (path: Buffer, entry: TreeEntry, content: Buffer) => Promise<void>;

/** Writes folder by folder. It opens each folder again from the root, so that a folder name replaced by a link is refused. */
async function writeBatch(
  git: ProjectGit,
  entries: TreeEntry[],
  { root, write }: { root: OpenFolder; write: Write },
): Promise<void> {
  const contents = await readBlobs(git, entries);
  const folders = new Map<string, Array<[TreeEntry, Buffer]>>();
  for (const [index, entry] of entries.entries()) {
    const folder = dirname(entry.path);
    const files = folders.get(folder) ?? [];
    files.push([entry, contents[index] ?? Buffer.alloc(0)]);
    folders.set(folder, files);
  }
  for (const [folder, files] of folders) {
    await withFolderBelow(root, folder === '.' ? [] : folder.split('/').map(pathToBytes), async (place) => {
      for (const [entry, content] of files) await write(place.entry(pathToBytes(basename(entry.path))), entry, content);
    });
  }
}

/** Opens exclusively, so that no link is followed, and sets the mode on the open file, since the umask may have removed bits. */
const fileWriter =
  (git: ProjectGit): Write =>
  async (path, entry, content) => {
    const pointer = lfsPointerOf(content);
    const lfsContent = pointer === undefined ? undefined : await readLfsObject(git, pointer);
    await writeFile(path, entry, lfsContent ?? content);
  };

const writeFile: Write = async (path, entry, content) => {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(content);
    await file.chmod(entry.mode === '100755' ? 0o755 : 0o644);
  } finally {
    await file.close();
  }
};

const writeLink: Write = (path, _, content) => symlink(content, path);

function batches(entries: TreeEntry[]): TreeEntry[][] {
  const groups: TreeEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    if (bytes + entry.bytes > BATCH_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(entry);
    bytes += entry.bytes;
  }
  return groups;
}
