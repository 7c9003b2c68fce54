/**
 * Opens folders by file descriptor, so that operations on their entries stay in the same folder even if its name is replaced by a link
 * in the meantime.
 *
 * On Linux a path can begin at a descriptor (`/proc/self/fd`). Other systems, on which no sandbox runs, use the name.
 */
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isCode } from './errno';

export interface OpenFolder {
  /** The path of the folder itself, for example to list it. */
  path: string | Buffer;
  /** Returns the path of an entry. `name` is one path component; if it is a Buffer, which need not be UTF-8, so is the path. */
  entry(name: string): string;
  entry(name: Buffer): Buffer;
}

const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Opens the folder for the time of `use`. Throws ELOOP or ENOTDIR if the path is a link or no folder. */
export async function withFolder<T>(path: string | Buffer, use: (folder: OpenFolder) => Promise<T>): Promise<T> {
  const handle = await open(path, FOLDER_FLAGS);
  try {
    return await use(toOpenFolder(handle, path));
  } finally {
    await handle.close();
  }
}

/** Opens a folder below an open one, one component at a time, and makes missing folders. */
export async function withFolderBelow<T>(
  folder: OpenFolder,
  names: Buffer[],
  use: (folder: OpenFolder) => Promise<T>,
): Promise<T> {
  const [name, ...remainingNames] = names;
  if (name === undefined) return use(folder);
  await makeFolder(folder.entry(name));
  return withFolder(folder.entry(name), (next) => withFolderBelow(next, remainingNames, use));
}

async function makeFolder(path: Buffer): Promise<void> {
  try {
    await mkdir(path, { mode: 0o755 });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

function toOpenFolder(handle: FileHandle, path: string | Buffer): OpenFolder {
  const base = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
  function entry(name: string): string;
  function entry(name: Buffer): Buffer;
  function entry(name: string | Buffer): string | Buffer {
    const text = name.toString('latin1');
    if (text === '' || text === '.' || text === '..' || text.includes('/') || text.includes('\0')) {
      throw new Error(`${JSON.stringify(text)} is not the name of an entry.`);
    }
    if (typeof name === 'string' && typeof base === 'string') return `${base}/${name}`;
    return Buffer.concat([Buffer.from(base), Buffer.from('/'), Buffer.from(name)]);
  }
  return { path: base, entry };
}
