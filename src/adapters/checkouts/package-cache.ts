/**
 * What install steps made, kept by the digest of everything that they could read, and read-only from then on.
 *
 * Made aside and renamed: a folder that is there is whole. Users of sandboxes may read it, none may write it.
 */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCode } from '../machine/errno';
import { DAY_MS, STALE_MS } from '../machine/leftovers';
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

/** In the folder for temporary files, because the sandbox's user must be able to reach it. */
export function packageCacheRoot(): string {
  return join(tmpdir(), `q-packages-${process.getuid?.() ?? 0}`);
}

export function createPackageCache(root = packageCacheRoot()): PackageCache {
  return {
    find: (key) => find(root, key),
    async keep(key, fill) {
      const aside = await openAside(root, key);
      try {
        const record = await fill(aside);
        await writeFile(join(aside, RECORD), JSON.stringify(record));
        await seal(aside);
        await rename(aside, join(root, key));
      } catch (error) {
        await removeFolder(aside);
        if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
      }
      const kept = await find(root, key);
      if (kept === undefined) throw new Error(`${join(root, key)} was removed while it was made`);
      return kept;
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

async function openAside(root: string, key: string): Promise<string> {
  await openRoot(root);
  const aside = join(root, `.${key}.${process.pid}.${randomBytes(6).toString('hex')}.partial`);
  await mkdir(aside, { mode: 0o755 });
  return aside;
}

async function find(root: string, key: string): Promise<Kept | undefined> {
  const folder = join(root, key);
  try {
    // The sweep takes what was not used for long.
    await utimes(folder, new Date(), new Date());
    return { folder, record: JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as KeptRecord };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
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
  await mkdir(root, { recursive: true, mode: 0o755 });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw unavailable(`${root} is not a folder of ours`);
}
