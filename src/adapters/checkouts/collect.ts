/**
 * Takes out of a tree what an install step made: folders of packages, to be shown, and single files, to be carried along.
 */
import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { INSTALLED_FOLDERS } from '../../inspect/packages/managers';
import { removeFolder } from '../machine/remove-folder';
import type { Mount } from './package-cache';

/** Where tools write beside packages. xo makes no folder of its own where node_modules is read-only, and writes into it. */
const WRITTEN_IN = ['.cache', '.cache/xo-linter', '.vite', '.vite-temp', '.vitest', '.tmp', '.astro', '.prisma'];
const SHOWN_WHOLE = ['.yarn/cache', '.yarn/unplugged'];

export interface Collected {
  mounts: Mount[];
  carried: string | null;
}

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
  for (const [index, to] of found.mounts.entries()) {
    const name = `mount-${index}`;
    await rename(join(tree, to), join(aside, name));
    const scratch = to.endsWith('node_modules') ? await makeWritten(join(aside, name)) : [];
    mounts.push({ name, to, scratch });
  }
  const carried = found.files.length === 0 ? null : 'carried';
  for (const path of found.files) {
    await mkdir(dirname(join(aside, 'carried', path)), { recursive: true });
    await rename(join(tree, path), join(aside, 'carried', path));
  }
  return { mounts, carried };
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

async function makeWritten(modules: string): Promise<string[]> {
  for (const name of WRITTEN_IN) {
    const place = join(modules, name);
    const there = await lstat(place).catch(() => undefined);
    if (there !== undefined) await removeFolder(place);
    await mkdir(place);
  }
  return WRITTEN_IN;
}

function foldersOf(paths: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); folder !== '.' && !found.has(folder); folder = dirname(folder)) found.add(folder);
  }
  return found;
}
