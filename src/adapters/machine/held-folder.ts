/**
 * Folders held open by descriptor: what is done below one stays below it, whatever its name is made to point to meanwhile.
 *
 * Linux lets a path begin at a descriptor (`/proc/self/fd`). Elsewhere, where no sandbox runs either, names have to do.
 */
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isCode } from './errno';

export interface HeldFolder {
  /** The folder itself, for listing it. */
  path: string | Buffer;
  /** The path of an entry of it; its name is one component. A name in bytes, which need not be UTF-8, gives a path in bytes. */
  entry(name: string): string;
  entry(name: Buffer): Buffer;
}

const FOLDER_ONLY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Throws (ELOOP, ENOTDIR) where the name leads to anything but a folder. */
export async function withFolder<T>(path: string | Buffer, use: (folder: HeldFolder) => Promise<T>): Promise<T> {
  const handle = await open(path, FOLDER_ONLY);
  try {
    return await use(hold(handle, path));
  } finally {
    await handle.close();
  }
}

/** Goes down one component at a time and makes what is missing. */
export async function withFolderBelow<T>(
  folder: HeldFolder,
  below: Buffer[],
  use: (folder: HeldFolder) => Promise<T>,
): Promise<T> {
  const [name, ...rest] = below;
  if (name === undefined) return use(folder);
  await makeFolder(folder.entry(name));
  return withFolder(folder.entry(name), (next) => withFolderBelow(next, rest, use));
}

async function makeFolder(path: Buffer): Promise<void> {
  try {
    await mkdir(path, { mode: 0o755 });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

function hold(handle: FileHandle, path: string | Buffer): HeldFolder {
  const held = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
  function entry(name: string): string;
  function entry(name: Buffer): Buffer;
  function entry(name: string | Buffer): string | Buffer {
    const text = name.toString('latin1');
    if (text === '' || text === '.' || text === '..' || text.includes('/') || text.includes('\0')) {
      throw new Error(`${JSON.stringify(text)} is not the name of an entry.`);
    }
    if (typeof name === 'string' && typeof held === 'string') return `${held}/${name}`;
    return Buffer.concat([Buffer.from(held), Buffer.from('/'), Buffer.from(name)]);
  }
  return { path: held, entry };
}
