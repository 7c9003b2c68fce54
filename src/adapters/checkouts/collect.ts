/**
 * Collects from a tree what a setup step produced: folders of packages, which runs share read-only, and single files, which are copied
 * into the tree of each run.
 */
import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { INSTALLED_FOLDERS } from '../../inspect/packages/managers';
import { removeFolder } from '../machine/remove-folder';
import type { ResultRecord, Mount } from './package-cache';

/**
 * Folders of node_modules into which tools write caches, or generators write code that is imported (Prisma's client). They are made in
 * advance, because node_modules is read-only for a run, and tools such as xo could not make them.
 */
const WRITABLE_FOLDERS = ['.cache', '.cache/xo-linter', '.vite', '.vite-temp', '.vitest', '.tmp', '.astro', '.prisma'];
const YARN_FOLDERS = ['.yarn/cache', '.yarn/unplugged'];

export type Collected = Pick<ResultRecord, 'mounts' | 'lends' | 'carried'>;

/** `resultFolder`: the folder of the result. `trackedPaths`: the paths of the commit's own files. `isProducedFile`: true for files to collect. */
export async function collect(input: {
  tree: string;
  resultFolder: string;
  trackedPaths: ReadonlySet<string>;
  isProducedFile: (path: string) => boolean;
}): Promise<Collected> {
  const { tree, resultFolder, trackedPaths, isProducedFile } = input;
  const folders = foldersOf(trackedPaths);
  const found = { mounts: [] as string[], files: [] as string[] };
  await search(tree, '', { folders, trackedPaths, found, isProducedFile });
  const mounts: Mount[] = [];
  const lends: ResultRecord['lends'] = [];
  for (const [index, to] of found.mounts.entries()) {
    const name = `mount-${index}`;
    await rename(join(tree, to), join(resultFolder, name));
    const { scratch, filledFolders } = to.endsWith('node_modules')
      ? await makeWritableFolders(join(resultFolder, name))
      : NO_WRITABLE;
    mounts.push({ name, to, scratch });
    lends.push(...filledFolders.map((place) => ({ name: `${name}/${place}`, to: `${to}/${place}` })));
  }
  const carried = found.files.length === 0 ? null : 'carried';
  for (const path of found.files) {
    await mkdir(dirname(join(resultFolder, 'carried', path)), { recursive: true });
    await rename(join(tree, path), join(resultFolder, 'carried', path));
  }
  return { mounts, lends, carried };
}

interface Search {
  folders: ReadonlySet<string>;
  trackedPaths: ReadonlySet<string>;
  isProducedFile: (path: string) => boolean;
  found: { mounts: string[]; files: string[] };
}

async function search(tree: string, below: string, state: Search): Promise<void> {
  const { folders, trackedPaths, isProducedFile, found } = state;
  for (const entry of await readdir(join(tree, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (path === '.git') continue;
    if (entry.isDirectory()) {
      const isPackageFolder = INSTALLED_FOLDERS.has(entry.name) || YARN_FOLDERS.some((end) => path.endsWith(end));
      if (isPackageFolder && !folders.has(path)) found.mounts.push(path);
      else await search(tree, path, state);
    } else if (!trackedPaths.has(path) && isProducedFile(path)) found.files.push(path);
  }
}

interface WritableFolders {
  /** Empty folders: each run gets an empty one that it may write. */
  scratch: string[];
  /** Folders into which the setup step wrote: each run gets a copy that it may write. */
  filledFolders: string[];
}
const NO_WRITABLE: WritableFolders = { scratch: [], filledFolders: [] };

async function makeWritableFolders(modules: string): Promise<WritableFolders> {
  const writable: WritableFolders = { scratch: [], filledFolders: [] };
  for (const name of WRITABLE_FOLDERS) {
    const folder = join(modules, name);
    const stats = await lstat(folder).catch(() => undefined);
    if (stats !== undefined && !stats.isDirectory()) await removeFolder(folder);
    await mkdir(folder, { recursive: true });
    if (writable.filledFolders.some((parent) => name.startsWith(`${parent}/`))) continue;
    if (await hasFiles(folder)) writable.filledFolders.push(name);
    else writable.scratch.push(name);
  }
  return writable;
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
