/**
 * Removes files and folders that were not used for a while, although another process may begin to use one at the same moment.
 *
 * A process touches a file or folder before it uses it. So an old entry is renamed, its time is checked once more, and it is renamed
 * back if it was touched in between. If this process dies in between, the next `restoreInterruptedRemovals` renames it back.
 */
import { readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isCode } from './errno';
import { removeFolder } from './remove-folder';

const SET_ASIDE_NAME = /^\.(.+)\.reclaim$/;

/** Removes the entry if it was not used since the time `limitMs`, in milliseconds since 1970. Returns true if it was removed. */
export async function removeUnused(path: string, limitMs: number): Promise<boolean> {
  const asidePath = await setAside(path, limitMs);
  if (asidePath !== undefined) await removeFolder(asidePath);
  return asidePath !== undefined;
}

/**
 * Does the first half of `removeUnused`: renames the entry, so that its name is free, and returns the new path, which the caller must
 * remove. Returns undefined if the entry stays.
 */
export async function setAside(path: string, limitMs: number): Promise<string | undefined> {
  const asidePath = join(dirname(path), `.${basename(path)}.reclaim`);
  if ((await usedAt(path)) >= limitMs) return undefined;
  try {
    await rename(path, asidePath);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTEMPTY')) return undefined;
    throw error;
  }
  if ((await usedAt(asidePath)) < limitMs) return asidePath;
  await restore(asidePath, path);
  return undefined;
}

/** Renames entries of the folder back that a killed process had set aside. Removes one whose name is in use again. */
export async function restoreInterruptedRemovals(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const [, original] = SET_ASIDE_NAME.exec(name) ?? [];
    if (original === undefined) continue;
    const isReplaced = (await usedAt(join(folder, original))) !== Infinity;
    if (isReplaced) await removeFolder(join(folder, name));
    else await restore(join(folder, name), join(folder, original));
  }
}

/** Lists the names in a folder; empty if there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
}

async function restore(asidePath: string, path: string): Promise<void> {
  try {
    await rename(asidePath, path);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** Returns the time of the last use; Infinity for a missing entry, so that it never counts as unused. */
async function usedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    (error: unknown) => {
      if (isCode(error, 'ENOENT')) return Infinity;
      throw error;
    },
  );
}
