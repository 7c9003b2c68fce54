/**
 * Removes the temporary files and folders of killed processes.
 *
 * An entry is removed only if its name matches, a user of this installation owns it, and it is old or its maker is dead.
 */
import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Leftovers } from './leftovers';
import { removeFolder } from './remove-folder';

/** Returns the number of removed entries. An entry that cannot be removed is tried again by the next sweep. */
export async function sweep(leftovers: Leftovers[]): Promise<number> {
  const removedCounts = await Promise.all(leftovers.map(sweepFolder));
  return removedCounts.reduce((sum, count) => sum + count, 0);
}

async function sweepFolder(leftovers: Leftovers): Promise<number> {
  const removedCounts = (await foldersOf(leftovers.folder, leftovers.below ?? [])).map(async (folder) => {
    let count = 0;
    for (const entry of await entriesIn(folder)) {
      const path = join(folder, entry.name);
      const stats = await lstat(path).catch(() => undefined);
      if (stats === undefined || !isLeftover(leftovers, entry, stats)) continue;
      await (entry.isDirectory() ? removeFolder(path) : rm(path, { force: true })).then(
        () => (count += 1),
        () => undefined,
      );
    }
    return count;
  });
  return (await Promise.all(removedCounts)).reduce((sum, count) => sum + count, 0);
}

function isLeftover(leftovers: Leftovers, entry: Dirent, { uid, mtimeMs }: Stats): boolean {
  const { name, afterMs, isMakerDead, isOwner, isFolder } = leftovers;
  if (!name.test(entry.name) || (isFolder === true && !entry.isDirectory())) return false;
  if (uid !== process.getuid?.() && isOwner?.(uid) !== true) return false;
  return isMakerDead?.(entry.name) === true || Date.now() - mtimeMs > afterMs;
}

async function foldersOf(folder: string, [part, ...remainingParts]: readonly string[]): Promise<string[]> {
  if (part === undefined) return [folder];
  const names = part === '*' ? await foldersIn(folder) : [part];
  return (await Promise.all(names.map((name) => foldersOf(join(folder, name), remainingParts)))).flat();
}

async function foldersIn(folder: string): Promise<string[]> {
  return (await entriesIn(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function entriesIn(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
}
