/**
 * Copies toolchains that the sandbox's user cannot reach because they are in a closed home folder. It uses hard links where the
 * file system allows them, so that a copy takes no space.
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, rename, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isCode } from '../machine/errno';
import { DAY_MS, STALE_MS } from '../machine/leftovers';
import type { Leftovers } from '../machine/leftovers';
import { runProgram } from '../machine/processes/run-program';
import { removeFolder } from '../machine/remove-folder';
import { unavailable } from './unavailable';

export function toolchainRoot(): string {
  return join(tmpdir(), `q-toolchains-${process.getuid?.() ?? 0}`);
}

export function createToolchainCopies(root = toolchainRoot()) {
  return {
    /** Returns the path itself if every user can reach it or if the worker is not root; else the path of its copy. */
    async reachable(place: string): Promise<string> {
      if (process.getuid?.() !== 0 || (await isOpenToAll(place))) return place;
      await openRoot(root);
      const copy = join(root, await stampOf(place));
      const hasCopy = await utimes(copy, new Date(), new Date()).then(
        () => true,
        () => false,
      );
      if (!hasCopy) await makeCopy(place, copy);
      return join(copy, basename(place));
    },
  };
}

/** Lists copies to remove: incomplete ones, and those that were not used for a month. */
export function toolchainLeftovers(root: string): Leftovers[] {
  return [
    { folder: root, name: /^\.[0-9a-f]{32}\.\d+\.partial$/, afterMs: STALE_MS },
    { folder: root, name: /^[0-9a-f]{32}$/, afterMs: 30 * DAY_MS },
  ];
}

async function makeCopy(place: string, copy: string): Promise<void> {
  const temporary = join(dirname(copy), `.${basename(copy)}.${process.pid}.partial`);
  await removeFolder(temporary);
  await mkdir(temporary, { mode: 0o755 });
  try {
    try {
      await runProgram('/bin/cp', ['-al', '--', place, `${temporary}/`]);
    } catch {
      await removeFolder(temporary);
      await mkdir(temporary, { mode: 0o755 });
      await runProgram('/bin/cp', ['-a', '--reflink=auto', '--', place, `${temporary}/`]);
    }
    await rename(temporary, copy);
  } catch (error) {
    await removeFolder(temporary);
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** Returns a digest of the names and times of the first three levels: it changes when the toolchain changes. */
async function stampOf(place: string): Promise<string> {
  const hash = createHash('sha256');
  const visit = async (path: string, depth: number): Promise<void> => {
    const found = await lstat(path);
    hash.update(JSON.stringify([path, found.ino, found.size, found.mtimeMs]));
    if (!found.isDirectory() || depth === 0) return;
    for (const name of (await readdir(path)).sort()) await visit(join(path, name), depth - 1);
  };
  await visit(place, 3);
  return hash.digest('hex').slice(0, 32);
}

/** True if all users may read and enter the folder and its parents. */
async function isOpenToAll(place: string): Promise<boolean> {
  for (let path = place; path !== '/'; path = dirname(path)) {
    if (((await stat(path)).mode & 0o005) !== 0o005 && (await stat(path)).isDirectory()) return false;
  }
  return true;
}

/** Makes the folder, and refuses one of another user: its name can be guessed, so that user may have made it first. */
async function openRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw unavailable(`${root} is not a folder of the worker's user`);
}
