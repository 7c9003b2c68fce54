/**
 * Reads a part of a file that a project's own code may have written: a regular one only, and no link is followed.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Undefined where there is no regular file that can be opened. */
export async function readBounded(path: string, mostBytes: number): Promise<Buffer | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const part = Buffer.alloc(mostBytes);
    const { bytesRead } = await file.read(part, 0, part.length, 0);
    return part.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
