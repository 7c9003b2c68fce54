/**
 * Removes what nobody has used for a while, although others may take it up in the same moment.
 *
 * A user of a file or folder touches it first, so its time decides: it is renamed aside, looked at once more, and put back where it was
 * touched meanwhile. Where the process dies between, the next `putBack` restores it.
 */
import { readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isCode } from './errno';
import { removeFolder } from './remove-folder';

const ASIDE = /^\.(.+)\.reclaim$/;

/** True where it was removed. `before`: milliseconds since 1970; used since then, it stays. */
export async function removeUnused(path: string, before: number): Promise<boolean> {
  const aside = await setAside(path, before);
  if (aside !== undefined) await removeFolder(aside);
  return aside !== undefined;
}

/** The first half, in one step: its name is free, and what gives is to be removed. Undefined where it stays. */
export async function setAside(path: string, before: number): Promise<string | undefined> {
  const aside = join(dirname(path), `.${basename(path)}.reclaim`);
  if ((await usedAt(path)) >= before) return undefined;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTEMPTY')) return undefined;
    throw error;
  }
  if ((await usedAt(aside)) < before) return aside;
  await restore(aside, path);
  return undefined;
}

/** What a killed process had set aside in the folder is there again, unless another has come in its place. */
export async function putBack(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const [, of] = ASIDE.exec(name) ?? [];
    if (of === undefined) continue;
    const isReplaced = (await usedAt(join(folder, of))) !== Infinity;
    if (isReplaced) await removeFolder(join(folder, name));
    else await restore(join(folder, name), join(folder, of));
  }
}

/** Empty where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
}

async function restore(aside: string, path: string): Promise<void> {
  try {
    await rename(aside, path);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** Infinity for what is not there: it cannot be removed. */
async function usedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    (error: unknown) => {
      if (isCode(error, 'ENOENT')) return Infinity;
      throw error;
    },
  );
}
