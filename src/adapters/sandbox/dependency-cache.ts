/**
 * Installed dependencies, kept by the digest of everything they were made from, and read-only from then on.
 *
 * Made aside and renamed: a folder that is there is whole. Others of this machine may read it, nobody may write it.
 */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DependencyCache } from '../../ports/dependency-cache';
import { INSTALLED_FOLDERS } from '../../inspect/packages/managers';
import { isCode } from '../machine/errno';
import { DAY_MS, STALE_MS } from '../machine/leftovers';
import type { Leftovers } from '../machine/leftovers';
import { seal } from './scratch';
import { unavailable } from './unavailable';

const MAX_FOLDERS = 64;

/** In the folder for temporary files, because the sandbox's user must be able to reach it. */
export function dependencyCacheRoot(): string {
  return join(tmpdir(), `q-dependencies-${process.getuid?.() ?? 0}`);
}

export function createDependencyCache(root = dependencyCacheRoot()): DependencyCache {
  return {
    find: (key) => find(root, key),
    keep: (key, folder) => keep(root, key, folder),
  };
}

async function find(root: string, key: string): ReturnType<DependencyCache['find']> {
  const place = join(root, key);
  try {
    // The sweep takes what was not used for long.
    await utimes(place, new Date(), new Date());
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const found = await installedBelow(place, '');
  return found.map((path) => ({ from: join(place, path), to: path }));
}

async function keep(root: string, key: string, folder: string): Promise<void> {
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

/** Anything else that a setup command leaves is not carried over. */
async function installedBelow(folder: string, below: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (!entry.isDirectory() || found.length >= MAX_FOLDERS) continue;
    const path = join(below, entry.name);
    if (INSTALLED_FOLDERS.has(entry.name)) found.push(path);
    else found.push(...(await installedBelow(folder, path)));
  }
  return found.slice(0, MAX_FOLDERS);
}
