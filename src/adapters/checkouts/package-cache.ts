/**
 * Caches the results of setup steps, by the digest of everything that the step could read. A stored result is read-only.
 *
 * A result is made in a temporary folder and then renamed. Its entries are counted when it is used, because other programs may remove
 * files from it. Sandboxes can read a result but not write it.
 */
import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Downloads } from '../../domain/fetched';
import { isCode } from '../machine/errno';
import { evictOldResults, measureFolder } from './cache-limit';
import type { CacheLimit } from './cache-limit';
import { DAY_MS, HOUR_MS, STALE_MS } from '../machine/leftovers';
import type { Leftovers } from '../machine/leftovers';
import { removeFolder } from '../machine/remove-folder';
import { seal } from '../sandbox/scratch';
import { unavailable } from '../sandbox/unavailable';

/** One cached result. */
export interface CachedResult {
  /** Path on this machine. */
  folder: string;
  record: ResultRecord;
}
/** The content of a result. `name`: a folder in the result's folder. `to`: its path in the sandbox, absolute or in the tree. */
export interface ResultRecord {
  /** Folders that each run mounts read-only. */
  mounts: Mount[];
  /** Folders of which each run gets a copy that it may write. */
  lends: Array<{ name: string; to: string }>;
  /** Name of a folder whose files are copied into the tree of each run; null: none. */
  carried: string | null;
  /** Notes for every build that uses the result. */
  notes: string[];
  /** The network traffic of the step. Absent if the step had no network, and in results of earlier versions. */
  fetched?: Downloads;
}
export interface Mount {
  name: string;
  to: string;
  /** Folders in the mount that are empty and writable in each run. */
  scratch: string[];
}

export interface PackageCache {
  find(key: string): Promise<CachedResult | undefined>;
  /** Stores the result that `fill` makes in an empty folder. If another process has stored one meanwhile, returns that one. */
  keep(key: string, fill: (resultFolder: string) => Promise<ResultRecord>): Promise<CachedResult>;
  /** Calls `fill` with an empty folder that is removed afterwards. */
  tryOut(key: string, fill: (resultFolder: string) => Promise<ResultRecord>): Promise<void>;
}

const RECORD_NAME = 'record.json';
const MIN_EVICTION_INTERVAL_MS = 600_000;
/**
 * Mode of the cache's folder. It has histories of private repositories, so other users must not read it. If this process is root,
 * sandboxes run as other users: they may enter a folder whose name they know, but cannot list the names.
 */
const ROOT_MODE = process.getuid?.() === 0 ? 0o711 : 0o700;

export interface CacheLimits extends CacheLimit {
  /** Logs the number of removed results. */
  say(line: string): void;
  /** Logs results that could not be removed, and a cache that is too large although its results are in use. */
  warn(line: string): void;
}

/** Returns the path of the cache. It is in the folder for temporary files, because the sandbox's user must be able to reach it. */
export function packageCacheRoot(): string {
  return join(tmpdir(), `q-packages-${process.getuid?.() ?? 0}`);
}

interface CacheState {
  root: string;
  /** The time at which the entries of each folder were last counted. */
  countedAt: Map<string, number>;
}

/** Without `limits` the size of the cache is not limited. */
export function createPackageCache(root = packageCacheRoot(), limits?: CacheLimits): PackageCache {
  const state: CacheState = { root, countedAt: new Map() };
  const startEvictionIfDue = limits === undefined ? () => undefined : createEviction(root, limits);
  return {
    async find(key) {
      const kept = await find(state, key);
      startEvictionIfDue();
      return kept;
    },
    async keep(key, fill) {
      const resultFolder = await openTemporary(root, key);
      try {
        const record = await fill(resultFolder);
        await seal(resultFolder);
        const recordFile: RecordFile = { record, ...(await measureFolder(resultFolder)) };
        await writeFile(join(resultFolder, RECORD_NAME), JSON.stringify(recordFile));
        const kept = await renameIntoPlace(resultFolder, { state, key, record });
        startEvictionIfDue();
        return kept;
      } catch (error) {
        await removeFolder(resultFolder);
        throw error;
      }
    },
    async tryOut(key, fill) {
      const resultFolder = await openTemporary(root, key);
      try {
        await fill(resultFolder);
      } finally {
        await removeFolder(resultFolder);
      }
    },
  };
}

/**
 * Returns a function that starts an eviction in the background. It starts one at most every ten minutes and never two at once, because
 * an eviction examines every result.
 */
function createEviction(root: string, { say, warn, ...limit }: CacheLimits): () => void {
  const mb = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
  const sizes = new Map<string, number>();
  const bytesOf = async (folder: string): Promise<number | undefined> => {
    const bytes = sizes.get(folder) ?? (await bytesIn(folder));
    if (bytes !== undefined) sizes.set(folder, bytes);
    return bytes;
  };
  const evict = async (): Promise<void> => {
    const { removedCount, freedBytes, keptBytes, problems } = await evictOldResults(root, limit, bytesOf);
    if (removedCount > 0)
      say(`package cache: ${removedCount} results (${mb(freedBytes)}) removed that were unused for the longest time`);
    if (problems.length > 0) warn(`package cache: not removed from ${root}: ${problems.slice(0, 3).join('; ')}`);
    if (keptBytes > limit.bytes)
      warn(
        `package cache: builds of the last hours use ${mb(keptBytes)} in ${root}, more than PACKAGE_CACHE_MB allows (${mb(limit.bytes)})`,
      );
  };
  let runningEviction: Promise<void> | undefined;
  let startedAt = -Infinity;
  return () => {
    if (runningEviction !== undefined || performance.now() - startedAt < MIN_EVICTION_INTERVAL_MS) return;
    startedAt = performance.now();
    runningEviction = evict()
      .catch((error: unknown) => warn(`package cache: old results could not be removed: ${String(error)}`))
      .finally(() => (runningEviction = undefined));
  };
}

/** Returns undefined if the record has no size or cannot be read. */
async function bytesIn(folder: string): Promise<number | undefined> {
  try {
    return (JSON.parse(await readFile(join(folder, RECORD_NAME), 'utf8')) as RecordFile).bytes;
  } catch {
    return undefined;
  }
}

async function openTemporary(root: string, key: string): Promise<string> {
  await openRoot(root);
  const resultFolder = temporaryPathOf(root, key);
  await mkdir(resultFolder, { mode: 0o755 });
  return resultFolder;
}

function temporaryPathOf(root: string, key: string): string {
  return join(root, `.${key}.${process.pid}.${randomBytes(6).toString('hex')}.partial`);
}

/** Renames the new result into place. A result that another process has stored stays, unless it is damaged. */
async function renameIntoPlace(
  resultFolder: string,
  { state, key, record }: { state: CacheState; key: string; record: ResultRecord },
): Promise<CachedResult> {
  const folder = join(state.root, key);
  try {
    await rename(resultFolder, folder);
    return { folder, record };
  } catch (error) {
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
  const kept = await find(state, key);
  if (kept === undefined) await rename(resultFolder, folder);
  else await removeFolder(resultFolder);
  return kept ?? { folder, record };
}

/** Finds a result. An incomplete result is removed: programs that clean up temporary files may have deleted some of its files. */
async function find(state: CacheState, key: string): Promise<CachedResult | undefined> {
  const folder = join(state.root, key);
  try {
    // The folder's time is the time of the last use, by which eviction and sweep choose what to remove.
    await utimes(folder, new Date(), new Date());
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const record = await readRecord(folder, state);
  if (record !== undefined) return { folder, record };
  // Renamed first, so that the name is free at once, however long the removal takes.
  const brokenFolder = temporaryPathOf(state.root, key);
  await rename(folder, brokenFolder).then(
    () => removeFolder(brokenFolder),
    (error: unknown) => {
      if (!isCode(error, 'ENOENT')) throw error;
    },
  );
  return undefined;
}

/** The content of the record file. */
interface RecordFile {
  record: ResultRecord;
  /** Number of files and folders, without the record file. */
  entries: number;
  /** Their bytes on disk. Absent in results of earlier versions. */
  bytes?: number;
}

async function readRecord(folder: string, { countedAt }: CacheState): Promise<ResultRecord | undefined> {
  try {
    const { record, entries } = JSON.parse(await readFile(join(folder, RECORD_NAME), 'utf8')) as RecordFile;
    if (Date.now() - (countedAt.get(folder) ?? 0) < HOUR_MS) return record;
    if ((await measureFolder(folder)).entries !== entries + 1) return undefined;
    countedAt.set(folder, Date.now());
    return record;
  } catch (error) {
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Lists the leftovers: unfinished results, and results that no build has used for two weeks. */
export function packageCacheLeftovers(root: string): Leftovers[] {
  return [
    { folder: root, name: /^\.[0-9a-f]{64}\.\d+\.[0-9a-f]{12}\.partial$/, afterMs: STALE_MS },
    { folder: root, name: /^[0-9a-f]{64}$/, afterMs: 14 * DAY_MS },
  ];
}

/** Opens the cache's folder. Its name can be guessed, so the owner is checked: another user may have made it first. */
async function openRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: ROOT_MODE });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw unavailable(`${root} is not a folder of this user`);
  if ((found.mode & 0o777) !== ROOT_MODE) await chmod(root, ROOT_MODE);
}
