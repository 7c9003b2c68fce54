/**
 * Reads a file or folder again only where its time stamps say that it was changed, by any process.
 *
 * Synchronous: it is asked at every request, takes some 10 µs, and a turn through the thread pool costs ten times that.
 */
import { statSync } from 'node:fs';

interface Options {
  /**
   * A time stamp may stand still for some milliseconds while a folder changes: one that is younger than this proves nothing, and the
   * next call reads again. Not needed for a file that is replaced as a whole, which has another inode then.
   */
  provesAfterMs?: number;
}

/** `read` again where the file is another one than at the call before; a missing file is one, too. */
export function createChangeReader<T>(
  path: string,
  read: () => Promise<T>,
  { provesAfterMs = 0 }: Options = {},
): () => Promise<T> {
  let known: { version: string; value: T } | undefined;
  return async () => {
    // Before the content: what is written in between is read at the next call.
    const seen = statSync(path, { bigint: true, throwIfNoEntry: false });
    const version = seen === undefined ? 'none' : [seen.mtimeNs, seen.ctimeNs, seen.size, seen.ino].join('.');
    if (known?.version === version) return known.value;
    const isProof = seen === undefined || provesAfterMs === 0 || Date.now() - Number(seen.mtimeMs) > provesAfterMs;
    const value = await read();
    known = isProof ? { version, value } : undefined;
    return value;
  };
}
