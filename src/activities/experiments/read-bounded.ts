/**
 * Reads the beginning of a file that a project's own code may have written. It reads regular files only and follows no link.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Gives at most `maxBytes` bytes; undefined where the path is no regular file or cannot be opened. */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const buffer = Buffer.alloc(maxBytes);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
