/**
 * Takes out of a tree what an install step made: folders of packages, to be shown, and single files, to be carried along.
 */
import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { INSTALLED_FOLDERS } from '../../inspect/packages/managers';
import { removeFolder } from '../machine/remove-folder';
import type { KeptRecord, Mount } from './package-cache';

/**
 * Where tools write beside packages, and where generators write what is imported (Prisma's client). xo makes no folder of its
 * own where node_modules is read-only, and writes into it.
 */
const WRITTEN_IN = ['.cache', '.cache/xo-linter', '.vite', '.vite-temp', '.vitest', '.tmp', '.astro', '.prisma'];
const SHOWN_WHOLE = ['.yarn/cache', '.yarn/unplugged'];

export type Collected = Pick<KeptRecord, 'mounts' | 'lends' | 'carried'>;

/** `tracked`: paths of the commit's own files. `carries`: files that are taken along. */
export async function collect(input: {
  tree: string;
  aside: string;
  tracked: ReadonlySet<string>;
  carries: (path: string) => boolean;
}): Promise<Collected> {
  const { tree, aside, tracked, carries } = input;
  const folders = foldersOf(tracked);
  const found = { mounts: [] as string[], files: [] as string[] };
  await look(tree, '', { folders, tracked, found, carries });
  const mounts: Mount[] = [];
  const lends: KeptRecord['lends'] = [];
  for (const [index, to] of found.mounts.entries()) {
    const name = `mount-${index}`;
    await rename(join(tree, to), join(aside, name));
    const { scratch, filled } = to.endsWith('node_modules') ? await makeWritten(join(aside, name)) : NOTHING_WRITTEN;
    mounts.push({ name, to, scratch });
    lends.push(...filled.map((place) => ({ name: `${name}/${place}`, to: `${to}/${place}` })));
  }
  const carried = found.files.length === 0 ? null : 'carried';
  for (const path of found.files) {
    await mkdir(dirname(join(aside, 'carried', path)), { recursive: true });
    await rename(join(tree, path), join(aside, 'carried', path));
  }
  return { mounts, lends, carried };
}

interface Looking {
  folders: ReadonlySet<string>;
  tracked: ReadonlySet<string>;
  carries: (path: string) => boolean;
  found: { mounts: string[]; files: string[] };
}

async function look(tree: string, below: string, looking: Looking): Promise<void> {
  const { folders, tracked, carries, found } = looking;
  for (const entry of await readdir(join(tree, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (path === '.git') continue;
    if (entry.isDirectory()) {
      const isWhole = INSTALLED_FOLDERS.has(entry.name) || SHOWN_WHOLE.some((end) => path.endsWith(end));
      if (isWhole && !folders.has(path)) found.mounts.push(path);
      else await look(tree, path, looking);
    } else if (!tracked.has(path) && carries(path)) found.files.push(path);
  }
}

interface Written {
  /** Each run finds it empty. */
  scratch: string[];
  /** Set-up wrote into it: each run gets a copy. */
  filled: string[];
}
const NOTHING_WRITTEN: Written = { scratch: [], filled: [] };

async function makeWritten(modules: string): Promise<Written> {
  const written: Written = { scratch: [], filled: [] };
  for (const name of WRITTEN_IN) {
    const place = join(modules, name);
    const there = await lstat(place).catch(() => undefined);
    if (there !== undefined && !there.isDirectory()) await removeFolder(place);
    await mkdir(place, { recursive: true });
    if (written.filled.some((parent) => name.startsWith(`${parent}/`))) continue;
    if (await hasFiles(place)) written.filled.push(name);
    else written.scratch.push(name);
  }
  return written;
}

async function hasFiles(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || (await hasFiles(join(folder, entry.name)))) return true;
  }
  return false;
}

function foldersOf(paths: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); folder !== '.' && !found.has(folder); folder = dirname(folder)) found.add(folder);
  }
  return found;
}
