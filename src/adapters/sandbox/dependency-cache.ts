/**
 * Installed dependencies, kept by the digest of everything they were made from, and read-only from then on.
 *
 * Made aside and renamed: a folder that is there is whole. Others of this machine may read it, nobody may write it.
 */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isCode } from '../machine/errno';
import { DAY_MS, STALE_MS } from '../machine/leftovers';
import type { Leftovers } from '../machine/leftovers';
import { seal } from './scratch';
import { unavailable } from './unavailable';

/** Folders that package managers make; anything else that a setup command leaves is not carried over. */
const INSTALLED = new Set(['node_modules', '.venv', 'venv', 'vendor', '__pypackages__']);
const MAX_FOLDERS = 64;

export interface Kept {
  /** Absolute, and where it belongs below a checkout. */
  folders: Array<{ from: string; to: string }>;
}

/** In the folder for temporary files, because the sandbox's user must be able to reach it. */
export function dependencyCacheRoot(): string {
  return join(tmpdir(), `q-dependencies-${process.getuid?.() ?? 0}`);
}

/** Undefined where nothing is kept under the key. */
export async function findKept(root: string, key: string): Promise<Kept | undefined> {
  const place = join(root, key);
  try {
    // The sweep takes what was not used for long.
    await utimes(place, new Date(), new Date());
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const found = await installedBelow(place, '');
  return { folders: found.map((path) => ({ from: join(place, path), to: path })) };
}

/** Takes the installed folders out of `folder`. Where another run was faster, its result is kept. */
export async function keep(root: string, key: string, folder: string): Promise<void> {
  await openRoot(root);
  const aside = join(root, `.${key}.${process.pid}.${randomBytes(6).toString('hex')}.partial`);
  await mkdir(aside, { mode: 0o755 });
  try {
    for (const path of await installedBelow(folder, '')) {
      await mkdir(dirname(join(aside, path)), { recursive: true });
      await rename(join(folder, path), join(aside, path));
    }
    await seal(aside);
    await rename(aside, join(root, key));
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** What was half made, and what no build has used for two weeks. */
export function cacheLeftovers(root: string): Leftovers[] {
  return [
    { folder: root, name: /^\.[0-9a-f]{64}\.\d+\.[0-9a-f]{12}\.partial$/, afterMs: STALE_MS },
    { folder: root, name: /^[0-9a-f]{64}$/, afterMs: 14 * DAY_MS },
  ];
}

/** Its name can be guessed, so somebody else may have made it first. */
async function openRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw unavailable(`${root} is not a folder of ours`);
}

async function installedBelow(folder: string, below: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (!entry.isDirectory() || found.length >= MAX_FOLDERS) continue;
    const path = join(below, entry.name);
    if (INSTALLED.has(entry.name)) found.push(path);
    else found.push(...(await installedBelow(folder, path)));
  }
  return found.slice(0, MAX_FOLDERS);
}
