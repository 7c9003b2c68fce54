/**
 * Files that are there whole or not at all: a temporary file beside the place, flushed, then moved by one system call.
 *
 * Temporary names start with a dot, which no key or digest does, so a leftover of a dead process is never taken for content.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isCode } from './errno';
import { STALE_MS } from './leftovers';
import type { Leftovers } from './leftovers';

/** Last writer wins. */
export async function replaceWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = await writeTemporary(path, bytes);
  await rename(temporary, path);
  await flushFolder(dirname(path));
}

/** First writer wins, between processes too, because `link` refuses a name that exists. False where another writer was first. */
export async function createWhole(path: string, bytes: Uint8Array): Promise<boolean> {
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

/** On a read-only disk node says that a folder is missing; asked for that one alone, it says why. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    await mkdir(String((error as NodeJS.ErrnoException).path));
    await mkdir(folder, { recursive: true });
  }
}

/** `root`: a folder in which files are written, and folders of them. */
export function writeLeftovers(root: string): Leftovers[] {
  const written = { folder: root, name: /^\.[0-9a-f]{18}\.tmp$/, afterMs: STALE_MS };
  return [written, { ...written, below: ['*'] }];
}

async function writeTemporary(path: string, bytes: Uint8Array): Promise<string> {
  await makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${randomBytes(9).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    // Where the disk is full, half a file would keep it so.
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
  return temporary;
}
