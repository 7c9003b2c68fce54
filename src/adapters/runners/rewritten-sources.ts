/**
 * Finds the source files that a run wrote, removed or replaced, even if it restored them before it ended.
 *
 * The kernel sets a file's change time (ctime) on every change, and a program without privileges cannot set it back.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { syntaxOf } from '../../inspect/asks/code-view';

/** Inode, size and time of each source by its path. */
export type Sources = ReadonlyMap<string, string>;

const MAX_PARALLEL = 64;

export async function takeSources(folder: string, files: string[]): Promise<Sources> {
  const found = await statFiles(
    folder,
    files.filter((path) => syntaxOf(path) !== undefined),
  );
  return new Map([...found].map(([path, stats]) => [path, markOf(stats)]));
}

/** `startedAt` is in milliseconds since 1970; undefined if the sandbox does not report it. */
export async function findRewrittenSince(
  folder: string,
  sources: Sources,
  startedAt: number | undefined,
): Promise<string[]> {
  const currentStats = await statFiles(folder, [...sources.keys()]);
  return [...sources]
    .filter(([path, mark]) => {
      const stats = currentStats.get(path);
      return stats === undefined || markOf(stats) !== mark || (startedAt !== undefined && stats.ctimeMs > startedAt);
    })
    .map(([path]) => path)
    .sort();
}

type Stats = Awaited<ReturnType<typeof lstat>>;

async function statFiles(folder: string, paths: string[]): Promise<Map<string, Stats>> {
  const found = new Map<string, Stats>();
  for (let start = 0; start < paths.length; start += MAX_PARALLEL) {
    const batch = paths.slice(start, start + MAX_PARALLEL).map(async (path) => {
      const stats = await lstat(join(folder, path)).catch(() => undefined);
      if (stats?.isFile() === true) found.set(path, stats);
    });
    await Promise.all(batch);
  }
  return found;
}

function markOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}
