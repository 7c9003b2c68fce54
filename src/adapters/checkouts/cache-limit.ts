/**
 * Keeps the package cache within its size limit: removes the results whose last use is the longest ago. It never removes a result
 * that a run may still read.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '../machine/errno';
import { findEntries } from '../machine/find-entries';
import { removeFolder } from '../machine/remove-folder';

export interface CacheLimit {
  bytes: number;
  /** The longest time for which a build may read a result after it has found it. */
  inUseMs: number;
}
/** What an eviction did. `problems`: the results that it could not remove, with the reason. */
export interface Eviction {
  /** Number of removed results. */
  removedCount: number;
  freedBytes: number;
  keptBytes: number;
  problems: string[];
}

const RESULT_NAME = /^[0-9a-f]{64}$/;
const MAX_PARALLEL = 16;

/**
 * Removes unused results until the rest is within the limit. Several processes may do this at the same time.
 *
 * `bytesOf` returns the size of the result in a folder. It is undefined for results of earlier versions, whose record has no size;
 * these are removed regardless of the limit, because to measure them would delay the builds.
 */
export async function evictOldResults(
  root: string,
  limit: CacheLimit,
  bytesOf: (folder: string) => Promise<number | undefined>,
): Promise<Eviction> {
  const results = await listResults(root, bytesOf);
  let keptBytes = results.reduce((sum, { bytes }) => sum + bytes, 0);
  const totals = { removedCount: 0, freedBytes: 0, problems: [] as string[] };
  const unused = results.filter(({ usedAt }) => Date.now() - usedAt > limit.inUseMs);
  for (const result of unused.sort((a, b) => a.usedAt - b.usedAt)) {
    if (keptBytes <= limit.bytes && result.isMeasured) continue;
    const outcome = await removeResult(root, result).catch((error: unknown) => String(error));
    if (outcome === 'in use') continue;
    if (outcome === 'removed') {
      totals.removedCount += 1;
      totals.freedBytes += result.bytes;
    } else if (outcome !== 'gone') totals.problems.push(`${result.name}: ${outcome}`);
    keptBytes -= result.bytes;
  }
  return { ...totals, keptBytes };
}

interface Result {
  name: string;
  usedAt: number;
  bytes: number;
  isMeasured: boolean;
}

async function listResults(root: string, bytesOf: (folder: string) => Promise<number | undefined>): Promise<Result[]> {
  const names = (await entriesIn(root)).map(({ name }) => name).filter((name) => RESULT_NAME.test(name));
  const found: Result[] = [];
  for (let start = 0; start < names.length; start += MAX_PARALLEL) {
    const batch = names.slice(start, start + MAX_PARALLEL).map(async (name): Promise<Result[]> => {
      const stats = await undefinedIfGone(stat(join(root, name)));
      if (stats === undefined) return [];
      const bytes = await bytesOf(join(root, name));
      return [{ name, usedAt: stats.mtimeMs, bytes: bytes ?? 0, isMeasured: bytes !== undefined }];
    });
    found.push(...(await Promise.all(batch)).flat());
  }
  return found;
}

/**
 * Counts the entries of a folder and their bytes on disk. The bytes of a file with several hard links are divided by their number.
 * Entries that are removed during the count may be missing.
 */
export async function measureFolder(folder: string): Promise<{ entries: number; bytes: number }> {
  let [entries, bytes] = [0, 0];
  // %y: the kind of the entry, %b: its blocks of 512 bytes, %n: the number of its hard links.
  await findEntries(folder, { format: '%y %b %n' }, (entry) => {
    const [kind, blocks, linkCount] = entry.split(' ');
    entries += 1;
    bytes += (Number(blocks) * 512) / (kind === 'd' ? 1 : Number(linkCount));
  });
  return { entries, bytes: Math.round(bytes) };
}

const entriesIn = async (folder: string) => (await undefinedIfGone(readdir(folder, { withFileTypes: true }))) ?? [];

async function undefinedIfGone<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Renames the result first, so that no build finds it half removed. If a build has found it in the meantime, it is renamed back. */
async function removeResult(root: string, { name, usedAt }: Result): Promise<'removed' | 'gone' | 'in use'> {
  const folder = join(root, name);
  const hidden = join(root, `.${name}.${process.pid}.${randomBytes(6).toString('hex')}.partial`);
  const stats = await undefinedIfGone(stat(folder));
  if (stats === undefined) return 'gone';
  if (stats.mtimeMs !== usedAt) return 'in use';
  if ((await undefinedIfGone(rename(folder, hidden).then(() => true))) === undefined) return 'gone';
  // A rename does not change the time of the folder, so another time means that a build has used it.
  if ((await stat(hidden)).mtimeMs !== usedAt) {
    await rename(hidden, folder);
    return 'in use';
  }
  await removeFolder(hidden);
  return 'removed';
}
