/**
 * Copies a folder that sandboxed commands may have written in: files, folders and links that stay inside, nothing else.
 *
 * Sockets, pipes, devices and links that lead out are left behind; owner and special mode bits are not taken over.
 * A folder that is swapped for a link while it is copied ends the copy.
 */
import { constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import { chmod, mkdir, open, readdir, readlink, symlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../../domain/failures';
import { flushFolder } from './write-whole';
import { withFolder } from './held-folder';
import type { HeldFolder } from './held-folder';
import { linkStaysInside } from '../../inspect/paths';

export interface CopyLimits {
  bytes: number;
  entries: number;
}
const LIMITS: CopyLimits = { bytes: 4 * 1024 ** 3, entries: 300_000 };

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
  await copyFolder({ from, to, below: '' }, { ...limits });
}

async function copyFolder(at: { from: string; to: string; below: string }, left: CopyLimits): Promise<void> {
  const { below } = at;
  await withFolder(at.from, (from) => withFolder(at.to, (to) => copyEntries({ from, to, below }, left)));
}

async function copyEntries(pair: Pair, left: CopyLimits): Promise<void> {
  // The process's umask may have taken bits away.
  await chmod(pair.to.path, 0o755);
  for (const entry of await readdir(pair.from.path, { withFileTypes: true })) {
    if (entry.name === '.git') continue;
    spend(left, 'entries', 1);
    await copyEntry(pair, entry, left);
  }
  await flushFolder(pair.to.path);
}

async function copyEntry(pair: Pair, entry: Dirent, left: CopyLimits): Promise<void> {
  const [from, to] = [pair.from.entry(entry.name), pair.to.entry(entry.name)];
  const below = pair.below === '' ? entry.name : `${pair.below}/${entry.name}`;
  if (entry.isDirectory()) {
    await mkdir(to, { mode: 0o755 });
    await copyFolder({ from, to, below }, left);
  } else if (entry.isFile()) {
    await copyFile(from, to, left);
  } else if (entry.isSymbolicLink()) {
    const leadsTo = await readlink(from);
    if (linkStaysInside(below, leadsTo)) await symlink(leadsTo, to);
  }
}

async function copyFile(from: string, to: string, left: CopyLimits): Promise<void> {
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
