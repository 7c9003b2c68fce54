/**
 * Holds the package cache within its limit: what no build has used for longest goes first, and what a run may be reading stays.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '../machine/errno';
import { findEntries } from '../machine/find-entries';
import { removeFolder } from '../machine/remove-folder';

export interface CacheLimit {
  bytes: number;
  /** Longest time for which a build reads a result that it found. */
  inUseMs: number;
}
/** Bytes of disk, and why a result could not be removed. */
export interface Evicted {
  removed: number;
  freedBytes: number;
  keptBytes: number;
  problems: string[];
}

const RESULT = /^[0-9a-f]{64}$/;
const AT_ONCE = 16;

/**
 * `bytesOf`: what the result in a folder takes; undefined where nothing says it, as in results of earlier versions, which go
 * whatever the limit is: to measure them holds up the builds. Several processes may do this at once.
 */
export async function evictOldResults(
  root: string,
  limit: CacheLimit,
  bytesOf: (folder: string) => Promise<number | undefined>,
): Promise<Evicted> {
  const results = await listResults(root, bytesOf);
  let keptBytes = results.reduce((sum, { bytes }) => sum + bytes, 0);
  const done = { removed: 0, freedBytes: 0, problems: [] as string[] };
  const unused = results.filter(({ usedAt }) => Date.now() - usedAt > limit.inUseMs);
  for (const result of unused.sort((a, b) => a.usedAt - b.usedAt)) {
    if (keptBytes <= limit.bytes && result.isMeasured) continue;
    const outcome = await removeResult(root, result).catch((error: unknown) => String(error));
    if (outcome === 'in use') continue;
    if (outcome === 'removed') {
      done.removed += 1;
      done.freedBytes += result.bytes;
    } else if (outcome !== 'gone') done.problems.push(`${result.name}: ${outcome}`);
    keptBytes -= result.bytes;
  }
  return { ...done, keptBytes };
}

interface Result {
  name: string;
  usedAt: number;
  bytes: number;
  isMeasured: boolean;
}

async function listResults(root: string, bytesOf: (folder: string) => Promise<number | undefined>): Promise<Result[]> {
  const names = (await entriesIn(root)).map(({ name }) => name).filter((name) => RESULT.test(name));
  const found: Result[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE).map(async (name): Promise<Result[]> => {
      const stats = await unlessGone(stat(join(root, name)));
      if (stats === undefined) return [];
      const bytes = await bytesOf(join(root, name));
      return [{ name, usedAt: stats.mtimeMs, bytes: bytes ?? 0, isMeasured: bytes !== undefined }];
    });
    found.push(...(await Promise.all(some)).flat());
  }
  return found;
}

/** What a folder holds. A file with several names counts by its share in each. Of what goes meanwhile only the rest counts. */
export async function measureFolder(folder: string): Promise<{ entries: number; bytes: number }> {
  let [entries, bytes] = [0, 0];
  await findEntries(folder, { format: '%y %b %n' }, (entry) => {
    const [kind, blocks, names] = entry.split(' ');
    entries += 1;
    bytes += (Number(blocks) * 512) / (kind === 'd' ? 1 : Number(names));
  });
  return { entries, bytes: Math.round(bytes) };
}

const entriesIn = async (folder: string) => (await unlessGone(readdir(folder, { withFileTypes: true }))) ?? [];

async function unlessGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Renames the result first, so that no build finds a part of it; a result that a build found meanwhile is put back. */
async function removeResult(root: string, { name, usedAt }: Result): Promise<'removed' | 'gone' | 'in use'> {
  const folder = join(root, name);
  const aside = join(root, `.${name}.${process.pid}.${randomBytes(6).toString('hex')}.partial`);
  const found = await unlessGone(stat(folder));
  if (found === undefined) return 'gone';
  if (found.mtimeMs !== usedAt) return 'in use';
  if ((await unlessGone(rename(folder, aside).then(() => true))) === undefined) return 'gone';
  // A rename leaves the time of a folder as it is.
  if ((await stat(aside)).mtimeMs !== usedAt) {
    await rename(aside, folder);
    return 'in use';
  }
  await removeFolder(aside);
  return 'removed';
}
