/**
 * Caches what was read from a file or folder, and reads it again only if its time stamps show a change by any process.
 *
 * The check runs at every request, so it is synchronous: it takes some 10 µs, and a turn through the thread pool takes ten times that.
 */
import { statSync } from 'node:fs';

interface ChangeReaderOptions {
  /**
   * The age from which a time stamp proves that nothing changed. The time stamp of a folder may stay the same for some milliseconds
   * while the folder changes; until it has this age, each call reads again. Not needed for a file that is always replaced as a whole,
   * because each new file has another inode.
   */
  settledAfterMs?: number;
}

/** The returned function calls `read` if the file has changed since the last call. Removing and creating the file are changes, too. */
export function createChangeReader<T>(
  path: string,
  read: () => Promise<T>,
  { settledAfterMs = 0 }: ChangeReaderOptions = {},
): () => Promise<T> {
  let cached: { version: string; value: T } | undefined;
  return async () => {
    // The time stamps are read before the content, so that a write in between is found at the next call.
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    const version = stats === undefined ? 'none' : [stats.mtimeNs, stats.ctimeNs, stats.size, stats.ino].join('.');
    if (cached?.version === version) return cached.value;
    const isSettled =
      stats === undefined || settledAfterMs === 0 || Date.now() - Number(stats.mtimeMs) > settledAfterMs;
    const value = await read();
    cached = isSettled ? { version, value } : undefined;
    return value;
  };
}
