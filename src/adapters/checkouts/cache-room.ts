/**
 * Holds the package cache within its limit: what no build has used for longest goes first, and what a run may be reading stays.
 */
import { randomBytes } from 'node:crypto';
import { lstat, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '../machine/errno';
import { removeFolder } from '../machine/remove-folder';

export interface RoomLimits {
  limitBytes: number;
  /** Longest that a run reads what it has found. */
  inUseMs: number;
}
/** In bytes of disk. */
export interface MadeRoom {
  removed: number;
  freedBytes: number;
  keptBytes: number;
}

const RESULT = /^[0-9a-f]{64}$/;
const AT_ONCE = 64;

/** `bytesIn`: what the record of a result says of its size; undefined where it says nothing. */
export async function makeCacheRoom(
  root: string,
  { limitBytes, inUseMs }: RoomLimits,
  bytesIn: (folder: string) => Promise<number | undefined>,
): Promise<MadeRoom> {
  const results = await listResults(root, bytesIn);
  let keptBytes = results.reduce((sum, { bytes }) => sum + bytes, 0);
  const made = { removed: 0, freedBytes: 0 };
  const unused = results.filter(({ usedAt }) => Date.now() - usedAt > inUseMs);
  for (const result of unused.sort((a, b) => a.usedAt - b.usedAt)) {
    if (keptBytes <= limitBytes) break;
    if (!(await removeResult(root, result))) continue;
    made.removed += 1;
    made.freedBytes += result.bytes;
    keptBytes -= result.bytes;
  }
  return { ...made, keptBytes };
}

interface Result {
  name: string;
  usedAt: number;
  bytes: number;
}

async function listResults(root: string, bytesIn: (folder: string) => Promise<number | undefined>): Promise<Result[]> {
  const names = (await readdir(root).catch((): string[] => [])).filter((name) => RESULT.test(name));
  const found: Result[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE).map(async (name): Promise<Result[]> => {
      const folder = join(root, name);
      const stats = await stat(folder).catch(() => undefined);
      if (stats === undefined) return [];
      const bytes = (await bytesIn(folder)) ?? (await sizeOf(folder));
      return [{ name, usedAt: stats.mtimeMs, bytes }];
    });
    found.push(...(await Promise.all(some)).flat());
  }
  return found;
}

/** What it takes on the disk; what is gone meanwhile counts nothing. */
export async function sizeOf(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    const own = (await lstat(path).catch(() => undefined))?.blocks ?? 0;
    sum += own * 512 + (entry.isDirectory() ? await sizeOf(path) : 0);
  }
  return sum;
}

/** Its name is free at once, so that nobody finds half of it. False where another process was faster, or has just found it. */
async function removeResult(root: string, { name, usedAt }: Result): Promise<boolean> {
  const aside = join(root, `.${name}.${process.pid}.${randomBytes(6).toString('hex')}.partial`);
  try {
    if ((await stat(join(root, name))).mtimeMs !== usedAt) return false;
    await rename(join(root, name), aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
  await removeFolder(aside);
  return true;
}
