/**
 * Copies a folder that sandboxed commands may have written in: files, folders and links that stay inside, nothing else.
 *
 * Sockets, pipes, devices and links that lead out are left behind; owner and special mode bits are not taken over.
 * A folder that is swapped for a link while it is copied ends the copy.
 */
import { constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import { chmod, mkdir, open, opendir, readlink, symlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../../domain/failures';
import { flushFolder } from './write-whole';
import { withFolder, withFolderBelow } from './held-folder';
import type { HeldFolder } from './held-folder';
import { pathFromBytes, pathToBytes } from '../../inspect/path-bytes';
import { linkStaysInside } from '../../inspect/paths';

export interface CopyLimits {
  bytes: number;
  entries: number;
}
const LIMITS: CopyLimits = { bytes: 4 * 1024 ** 3, entries: 300_000 };

/** Links are made when the whole tree has been seen: where one leads may depend on another. */
interface Link {
  path: string;
  target: Buffer;
}
interface Copy {
  left: CopyLimits;
  links: Link[];
}

/** The same folder here and there. */
interface Pair {
  from: HeldFolder;
  to: HeldFolder;
  /** Its path below the root; empty for the root. */
  below: string;
}

/** `to` must not exist; everything is flushed to disk. The `.git` of a folder is not part of a release. */
export async function copyTree(from: string, to: string, limits: CopyLimits = LIMITS): Promise<void> {
  await mkdir(to, { mode: 0o755 });
  const copy: Copy = { left: { ...limits }, links: [] };
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
  // The process's umask may have taken bits away.
  await chmod(pair.to.path, 0o755);
  // Part by part: a list of all names of a full folder holds up the thread.
  for await (const entry of await openNames(pair.from.path)) {
    if (entry.name.toString('latin1') === '.git') continue;
    spend(copy.left, 'entries', 1);
    await copyEntry(pair, entry, copy);
  }
  await flushFolder(pair.to.path);
}

/** The types of node know names as text only. */
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
    await copyFile(from, to, copy.left);
  } else if (entry.isSymbolicLink()) {
    copy.links.push({ path: below, target: await readlink(from, { encoding: 'buffer' }) });
  }
}

async function makeLinks(root: HeldFolder, links: Link[]): Promise<void> {
  const leads = new Map(links.map(({ path, target }) => [path, pathFromBytes(target)]));
  for (const { path, target } of links) {
    if (!linkStaysInside(path, leads.get(path) ?? '', (at) => leads.get(at))) continue;
    const folders = path.split('/').map(pathToBytes);
    const name = folders.pop() ?? Buffer.alloc(0);
    await withFolderBelow(root, folders, async (place) => {
      await symlink(target, place.entry(name));
      await flushFolder(place.path);
    });
  }
}

async function copyFile(from: Buffer, to: Buffer, left: CopyLimits): Promise<void> {
  // A pipe that took the file's place would otherwise be waited for.
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await source.stat();
    if (!found.isFile()) return;
    const target = await open(to, 'wx', 0o644);
    try {
      await pour(source, target, left);
      await target.chmod((found.mode & 0o111) === 0 ? 0o644 : 0o755);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function pour(source: FileHandle, target: FileHandle, left: CopyLimits): Promise<void> {
  const buffer = Buffer.allocUnsafe(256 * 1024);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    spend(left, 'bytes', bytesRead);
    await target.writeFile(buffer.subarray(0, bytesRead));
  }
}

function spend(left: CopyLimits, what: keyof CopyLimits, amount: number): void {
  left[what] -= amount;
  if (left[what] < 0) throw new Failure('Workspace.TooLarge', `The folder holds more ${what} than may be copied.`);
}
