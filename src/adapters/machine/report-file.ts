/**
 * Reads report files from a folder in which a command could write anything: links are not followed, and only regular files are read.
 */
import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { isCode } from './errno';
import { withFolder } from './held-folder';

const MAX_BYTES = 16 * 1024 * 1024;
const BUFFER_BYTES = 256 * 1024;

/** Returns the text of the file; empty if there is no regular file of at most 16 MiB. `path` is relative to the folder. */
export async function readReportFile(folder: string, path: string): Promise<string> {
  return (await withEntry(folder, path.split('/'), readBounded)) ?? '';
}

/** Reads a regular file of any size in parts, in order. Reading ends when `use` returns false. */
export async function readReportInParts(folder: string, path: string, use: (part: Buffer) => boolean): Promise<void> {
  await withEntry(folder, path.split('/'), (entryPath) => readInParts(entryPath, use));
}

export async function removeReportFile(folder: string, path: string): Promise<void> {
  await withEntry(folder, path.split('/'), unlink);
}

async function readBounded(path: string): Promise<string> {
  // O_NONBLOCK: if the command made a pipe there, the open would otherwise wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    return stats.isFile() && stats.size <= MAX_BYTES ? await file.readFile('utf8') : '';
  } finally {
    await file.close();
  }
}

async function readInParts(path: string, use: (part: Buffer) => boolean): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) return;
    const part = Buffer.alloc(BUFFER_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(part, 0, part.length, null);
      if (bytesRead === 0 || !use(Buffer.from(part.subarray(0, bytesRead)))) return;
    }
  } finally {
    await file.close();
  }
}

/** Opens each folder of the path by descriptor. Returns undefined if a folder or the file is missing or a link. */
async function withEntry<T>(
  folder: string,
  [name = '', ...remainingNames]: string[],
  use: (path: string) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await withFolder(folder, (openFolder) =>
      remainingNames.length === 0
        ? use(openFolder.entry(name))
        : withEntry(openFolder.entry(name), remainingNames, use),
    );
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ELOOP', 'ENOTDIR', 'EISDIR', 'ENXIO', 'EPERM')) return undefined;
    throw error;
  }
}
