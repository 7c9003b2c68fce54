/**
 * Copies a folder into which sandboxed commands may have written: its files, its folders, and the links that stay inside.
 *
 * Sockets, pipes, devices and links that lead out of the folder are not copied, nor are owners and special mode bits.
 * The copy fails if a folder is replaced by a link while it is copied.
 */
import { constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import { chmod, mkdir, open, opendir, readlink, symlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../../domain/failures';
import { flushFolder } from './write-whole';
import { withFolder, withFolderBelow } from './held-folder';
import type { OpenFolder } from './held-folder';
import { pathFromBytes, pathToBytes } from '../../inspect/path-bytes';
import { linkStaysInside } from '../../inspect/paths';

export interface CopyLimits {
  bytes: number;
  entries: number;
}
const DEFAULT_LIMITS: CopyLimits = { bytes: 4 * 1024 ** 3, entries: 300_000 };

/** A link of the tree. Links are made after all other entries, because the target of a link may depend on other links. */
interface Link {
  path: string;
  target: Buffer;
}
interface Copy {
  remaining: CopyLimits;
  links: Link[];
}

/** A folder of the source and its copy. */
interface Pair {
  from: OpenFolder;
  to: OpenFolder;
  /** Path of both below their root; empty for the root. */
  below: string;
}

/** `to` must not exist. Everything is flushed to disk. `.git` is left out, because it is no part of a release. */
export async function copyTree(from: string, to: string, limits: CopyLimits = DEFAULT_LIMITS): Promise<void> {
  await mkdir(to, { mode: 0o755 });
  const copy: Copy = { remaining: { ...limits }, links: [] };
  await copyFolder({ from, to, below: '' }, copy);
  await withFolder(to, (root) => makeLinks(root, copy.links));
}

async function copyFolder(
  at: { from: string | Buffer; to: string | Buffer; below: string },
  copy: Copy,
): Promise<void> {
  const { below } = at;
  await withFolder(at.from, (from) => withFolder(at.to, (to) => copyEntries({ from, to, below }, copy)));
}

async function copyEntries(pair: Pair, copy: Copy): Promise<void> {
  // The umask of the process may have removed mode bits.
  await chmod(pair.to.path, 0o755);
  // Read in parts: to list all names of a large folder at once would block the JavaScript thread.
  for await (const entry of await openNames(pair.from.path)) {
    if (entry.name.toString('latin1') === '.git') continue;
    spend(copy.remaining, 'entries', 1);
    await copyEntry(pair, entry, copy);
  }
  await flushFolder(pair.to.path);
}

/** Reads names as bytes. The cast is needed because Node's types have names as text only. */
async function openNames(path: string | Buffer): Promise<AsyncIterable<Dirent<Buffer>>> {
  return (await opendir(path, { encoding: 'buffer', bufferSize: 128 } as never)) as never;
}

async function copyEntry(pair: Pair, entry: Dirent<Buffer>, copy: Copy): Promise<void> {
  const [from, to] = [pair.from.entry(entry.name), pair.to.entry(entry.name)];
  const name = pathFromBytes(entry.name);
  const below = pair.below === '' ? name : `${pair.below}/${name}`;
  if (entry.isDirectory()) {
    await mkdir(to, { mode: 0o755 });
    await copyFolder({ from, to, below }, copy);
  } else if (entry.isFile()) {
    await copyFile(from, to, copy.remaining);
  } else if (entry.isSymbolicLink()) {
    copy.links.push({ path: below, target: await readlink(from, { encoding: 'buffer' }) });
  }
}

async function makeLinks(root: OpenFolder, links: Link[]): Promise<void> {
  const targets = new Map(links.map(({ path, target }) => [path, pathFromBytes(target)]));
  for (const { path, target } of links) {
    if (!linkStaysInside(path, targets.get(path) ?? '', (link) => targets.get(link))) continue;
    const folders = path.split('/').map(pathToBytes);
    const name = folders.pop() ?? Buffer.alloc(0);
    await withFolderBelow(root, folders, async (folder) => {
      await symlink(target, folder.entry(name));
      await flushFolder(folder.path);
    });
  }
}

async function copyFile(from: Buffer, to: Buffer, remaining: CopyLimits): Promise<void> {
  // O_NONBLOCK: if a pipe has replaced the file, the open would otherwise wait for a writer.
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await source.stat();
    if (!stats.isFile()) return;
    const target = await open(to, 'wx', 0o644);
    try {
      await copyContent(source, target, remaining);
      await target.chmod((stats.mode & 0o111) === 0 ? 0o644 : 0o755);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyContent(source: FileHandle, target: FileHandle, remaining: CopyLimits): Promise<void> {
  const buffer = Buffer.allocUnsafe(256 * 1024);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    spend(remaining, 'bytes', bytesRead);
    await target.writeFile(buffer.subarray(0, bytesRead));
  }
}

function spend(remaining: CopyLimits, limit: keyof CopyLimits, amount: number): void {
  remaining[limit] -= amount;
  if (remaining[limit] < 0)
    throw new Failure('Workspace.TooLarge', `The folder holds more ${limit} than may be copied.`);
}
