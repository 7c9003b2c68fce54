/**
 * What install steps made, kept by the digest of everything that they could read, and read-only from then on.
 *
 * Made aside and renamed; counted again when it is used, since others may remove files. Sandboxes may read it, none may write it.
 */
import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fetched } from '../../domain/fetched';
import { isCode } from '../machine/errno';
import { evictOldResults, measureFolder } from './cache-limit';
import type { CacheLimit } from './cache-limit';
import { DAY_MS, HOUR_MS, STALE_MS } from '../machine/leftovers';
import type { Leftovers } from '../machine/leftovers';
import { removeFolder } from '../machine/remove-folder';
import { seal } from '../sandbox/scratch';
import { unavailable } from '../sandbox/unavailable';

/** One kept result. */
export interface Kept {
  /** On this machine. */
  folder: string;
  record: KeptRecord;
}
/** `name`: of a folder in that of the result. `to`: in the tree, or absolute. */
export interface KeptRecord {
  /** Shown read-only. */
  mounts: Mount[];
  /** Each run gets a copy that it may write. */
  lends: Array<{ name: string; to: string }>;
  /** Name of a folder whose files are copied into the tree of each run; null where there is none. */
  carried: string | null;
  /** Said of every build that uses it. */
  notes: string[];
  /** What was fetched when it was made; absent where nothing could be, and in results of earlier versions. */
  fetched?: Fetched;
}
export interface Mount {
  name: string;
  to: string;
  /** Folders in it that each run finds empty and may write. */
  scratch: string[];
}

export interface PackageCache {
  find(key: string): Promise<Kept | undefined>;
  /** `fill` makes the result in an empty folder. Where another process was faster, its result stays. */
  keep(key: string, fill: (aside: string) => Promise<KeptRecord>): Promise<Kept>;
  /** Calls `fill` with an empty folder that is removed afterwards. */
  tryOut(key: string, fill: (aside: string) => Promise<KeptRecord>): Promise<void>;
}

const RECORD = 'record.json';
const HOLD_EVERY_MS = 600_000;
/**
 * Histories of private repositories are in it: no other user may look into it. Where this process is root, sandboxes have
 * users of their own, which may go through it to a folder whose name they are given, and cannot read the names.
 */
const MODE = process.getuid?.() === 0 ? 0o711 : 0o700;

export interface CacheLimits extends CacheLimit {
  /** Told what was removed. */
  say(line: string): void;
  /** Told where what is in use passes the limit, and what could not be removed. */
  warn(line: string): void;
}

/** In the folder for temporary files, because the sandbox's user must be able to reach it. */
export function packageCacheRoot(): string {
  return join(tmpdir(), `q-packages-${process.getuid?.() ?? 0}`);
}

interface Shelf {
  root: string;
  /** When each folder was last counted. */
  countedAt: Map<string, number>;
}

/** `limits`: absent, nothing is removed for room. */
export function createPackageCache(root = packageCacheRoot(), limits?: CacheLimits): PackageCache {
  const shelf: Shelf = { root, countedAt: new Map() };
  const holdLimit = limits === undefined ? () => undefined : limitHolder(root, limits);
  return {
    async find(key) {
      const kept = await find(shelf, key);
      holdLimit();
      return kept;
    },
    async keep(key, fill) {
      const aside = await openAside(root, key);
      try {
        const record = await fill(aside);
        await seal(aside);
        const whole: Whole = { record, ...(await measureFolder(aside)) };
        await writeFile(join(aside, RECORD), JSON.stringify(whole));
        const kept = await put(aside, { shelf, key, record });
        holdLimit();
        return kept;
      } catch (error) {
        await removeFolder(aside);
        throw error;
      }
    },
    async tryOut(key, fill) {
      const aside = await openAside(root, key);
      try {
        await fill(aside);
      } finally {
        await removeFolder(aside);
      }
    },
  };
}

/** Runs beside the caller, at most every ten minutes and once at a time, since it looks at every result. */
function limitHolder(root: string, { say, warn, ...limit }: CacheLimits): () => void {
  const mb = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
  const sizes = new Map<string, number>();
  const bytesOf = async (folder: string): Promise<number | undefined> => {
    const bytes = sizes.get(folder) ?? (await bytesIn(folder));
    if (bytes !== undefined) sizes.set(folder, bytes);
    return bytes;
  };
  const hold = async (): Promise<void> => {
    const { removed, freedBytes, keptBytes, problems } = await evictOldResults(root, limit, bytesOf);
    if (removed > 0) say(`package cache: ${removed} results (${mb(freedBytes)}) removed, unused for longest`);
    if (problems.length > 0) warn(`package cache: not removed from ${root}: ${problems.slice(0, 3).join('; ')}`);
    if (keptBytes > limit.bytes)
      warn(
        `package cache: builds of the last hours use ${mb(keptBytes)} in ${root}, more than PACKAGE_CACHE_MB allows (${mb(limit.bytes)})`,
      );
  };
  let running: Promise<void> | undefined;
  let heldAt = -Infinity;
  return () => {
    if (running !== undefined || performance.now() - heldAt < HOLD_EVERY_MS) return;
    heldAt = performance.now();
    running = hold()
      .catch((error: unknown) => warn(`package cache: its limit could not be held: ${String(error)}`))
      .finally(() => (running = undefined));
  };
}

/** Undefined where the record does not say it, or is gone. */
async function bytesIn(folder: string): Promise<number | undefined> {
  try {
    return (JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as Whole).bytes;
  } catch {
    return undefined;
  }
}

async function openAside(root: string, key: string): Promise<string> {
  await openRoot(root);
  const aside = asideOf(root, key);
  await mkdir(aside, { mode: 0o755 });
  return aside;
}

function asideOf(root: string, key: string): string {
  return join(root, `.${key}.${process.pid}.${randomBytes(6).toString('hex')}.partial`);
}

/** Where another process was faster, its result stays; what is no whole result any more makes room. */
async function put(
  aside: string,
  { shelf, key, record }: { shelf: Shelf; key: string; record: KeptRecord },
): Promise<Kept> {
  const folder = join(shelf.root, key);
  try {
    await rename(aside, folder);
    return { folder, record };
  } catch (error) {
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
  const kept = await find(shelf, key);
  if (kept === undefined) await rename(aside, folder);
  else await removeFolder(aside);
  return kept ?? { folder, record };
}

/** What is not whole is removed: programs that clean folders of temporary files remove single files. */
async function find(shelf: Shelf, key: string): Promise<Kept | undefined> {
  const folder = join(shelf.root, key);
  try {
    // The sweep takes what was not used for long.
    await utimes(folder, new Date(), new Date());
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const record = await readWhole(folder, shelf);
  if (record !== undefined) return { folder, record };
  // Its name is free at once, however long the removal takes.
  const broken = asideOf(shelf.root, key);
  await rename(folder, broken).then(
    () => removeFolder(broken),
    (error: unknown) => {
      if (!isCode(error, 'ENOENT')) throw error;
    },
  );
  return undefined;
}

/** What stands in the record file. */
interface Whole {
  record: KeptRecord;
  /** Files and folders, without the record. */
  entries: number;
  /** What they take on the disk; results of earlier versions do not say it. */
  bytes?: number;
}

async function readWhole(folder: string, { countedAt }: Shelf): Promise<KeptRecord | undefined> {
  try {
    const { record, entries } = JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as Whole;
    if (Date.now() - (countedAt.get(folder) ?? 0) < HOUR_MS) return record;
    if ((await measureFolder(folder)).entries !== entries + 1) return undefined;
    countedAt.set(folder, Date.now());
    return record;
  } catch (error) {
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What was half made, and what no build has used for two weeks. */
export function packageCacheLeftovers(root: string): Leftovers[] {
  return [
    { folder: root, name: /^\.[0-9a-f]{64}\.\d+\.[0-9a-f]{12}\.partial$/, afterMs: STALE_MS },
    { folder: root, name: /^[0-9a-f]{64}$/, afterMs: 14 * DAY_MS },
  ];
}

/** Its name can be guessed, so another user may have made it first. */
async function openRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: MODE });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw unavailable(`${root} is not a folder of ours`);
  if ((found.mode & 0o777) !== MODE) await chmod(root, MODE);
}
