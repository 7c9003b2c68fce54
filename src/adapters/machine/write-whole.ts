/**
 * Writes files atomically: the content goes to a temporary file in the same folder, is flushed, and is then moved by one system call.
 *
 * Temporary names start with a dot. No key and no digest starts with a dot, so a leftover of a dead process is never taken for content.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isCode } from './errno';
import { STALE_MS } from './leftovers';
import type { Leftovers } from './leftovers';

/** Replaces the file, if it exists. If several processes write, the last one wins. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = await writeTemporary(path, bytes);
  await rename(temporary, path);
  await flushFolder(dirname(path));
}

/** Creates the file. Returns false if it exists: of several processes the first one wins, because `link` refuses an existing name. */
export async function createFile(path: string, bytes: Uint8Array): Promise<boolean> {
  const temporary = await writeTemporary(path, bytes);
  try {
    await link(temporary, path);
    await flushFolder(dirname(path));
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/** Makes renames and links in the folder survive a power cut. */
export async function flushFolder(folder: string | Buffer): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes the folder. On a read-only disk Node reports ENOENT for nested folders. Making only the first missing one gives the real
 * error.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    await mkdir(String((error as NodeJS.ErrnoException).path));
    await mkdir(folder, { recursive: true });
  }
}

/** The temporary files in `root` and in the folders directly below it. */
export function writeLeftovers(root: string): Leftovers[] {
  const inRoot = { folder: root, name: /^\.[0-9a-f]{18}\.tmp$/, afterMs: STALE_MS };
  return [inRoot, { ...inRoot, below: ['*'] }];
}

async function writeTemporary(path: string, bytes: Uint8Array): Promise<string> {
  await makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${randomBytes(9).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    // If the disk is full, the incomplete file would keep it full.
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
  return temporary;
}
