/**
 * Writes the tree of a commit into an empty folder: exact bytes, no filters, no attributes, nothing outside the folder.
 *
 * Links come last, after all files and folders, so that no write ever goes through one.
 */
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TreeAt } from '../../activities/deps';
import { Failure } from '../../domain/failures';
import { readBlobs } from './blobs';
import { linkStaysInside, staysBelow } from './paths';
import type { ProjectGit } from './repository';
import { readTree, refusePath } from './tree';
import type { TreeEntry } from './tree';

const BATCH_BYTES = 32 * 1024 * 1024;
const MAX_TREE_BYTES = 1024 * 1024 * 1024;

export async function checkoutTree(git: ProjectGit, at: TreeAt, folder: string): Promise<void> {
  if ((await readdir(folder)).length > 0) throw new Error(`The folder ${folder} is not empty.`);
  const entries = (await readTree(git, at.commit)).filter(({ mode }) => mode !== '160000');
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > MAX_TREE_BYTES) {
    throw new Failure('Workspace.TooLarge', `The tree has ${bytes} bytes; one may have ${MAX_TREE_BYTES}.`);
  }
  const odd = entries.find(({ path }) => !staysBelow(path));
  if (odd !== undefined) throw refusePath(odd.path, 'it cannot be written below a folder');
  for (const parent of new Set(entries.map(({ path }) => dirname(path)))) {
    await mkdir(join(folder, parent), { recursive: true });
  }
  const isLink = (entry: TreeEntry): boolean => entry.mode === '120000';
  for (const batch of batches(entries.filter((entry) => !isLink(entry)))) await writeFiles(git, batch, folder);
  for (const batch of batches(entries.filter(isLink))) await writeLinks(git, batch, folder);
}

async function writeFiles(git: ProjectGit, entries: TreeEntry[], folder: string): Promise<void> {
  const contents = await readBlobs(git, entries);
  for (const [index, entry] of entries.entries()) {
    const path = join(folder, entry.path);
    const mode = entry.mode === '100755' ? 0o755 : 0o644;
    await writeFile(path, contents[index] ?? '', { flag: 'wx', mode });
    // The process's umask may have taken bits away.
    await chmod(path, mode);
  }
}

async function writeLinks(git: ProjectGit, entries: TreeEntry[], folder: string): Promise<void> {
  const targets = await readBlobs(git, entries);
  for (const [index, entry] of entries.entries()) {
    const target = targets[index]?.toString('utf8') ?? '';
    if (linkStaysInside(entry.path, target)) await symlink(target, join(folder, entry.path));
  }
}

function batches(entries: TreeEntry[]): TreeEntry[][] {
  const made: TreeEntry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    if (bytes + entry.bytes > BATCH_BYTES) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1)?.push(entry);
    bytes += entry.bytes;
  }
  return made;
}
