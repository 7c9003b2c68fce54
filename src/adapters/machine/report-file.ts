/**
 * Reports that a command left in its folder, where it could put anything: no link is followed on the way, and only a regular
 * file of bounded size is read.
 */
import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { isCode } from './errno';
import { withFolder } from './held-folder';

const MAX_BYTES = 16 * 1024 * 1024;
const PART_BYTES = 256 * 1024;

/** `path` is relative to the folder. Empty for everything that is no such file. */
export async function readReportFile(folder: string, path: string): Promise<string> {
  return (await atPlace(folder, path.split('/'), readBounded)) ?? '';
}

/** The same of any size, in the order in which it is written; `use` ends it with false. Nothing for what is no such file. */
export async function readReportInParts(folder: string, path: string, use: (part: Buffer) => boolean): Promise<void> {
  await atPlace(folder, path.split('/'), (place) => readInParts(place, use));
}

export async function removeReportFile(folder: string, path: string): Promise<void> {
  await atPlace(folder, path.split('/'), unlink);
}

async function readBounded(path: string): Promise<string> {
  // Not blocking: a pipe put there would otherwise keep us waiting.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    return found.isFile() && found.size <= MAX_BYTES ? await file.readFile('utf8') : '';
  } finally {
    await file.close();
  }
}

async function readInParts(path: string, use: (part: Buffer) => boolean): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) return;
    const part = Buffer.alloc(PART_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(part, 0, part.length, null);
      if (bytesRead === 0 || !use(Buffer.from(part.subarray(0, bytesRead)))) return;
    }
  } finally {
    await file.close();
  }
}

/** Each folder on the way is held open; undefined where one of them, or the file, is not there or a link. */
async function atPlace<T>(
  folder: string,
  [name = '', ...rest]: string[],
  use: (path: string) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await withFolder(folder, (held) =>
      rest.length === 0 ? use(held.entry(name)) : atPlace(held.entry(name), rest, use),
    );
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ELOOP', 'ENOTDIR', 'EISDIR', 'ENXIO', 'EPERM')) return undefined;
    throw error;
  }
}
