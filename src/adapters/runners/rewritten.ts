/**
 * Sources of the tree that a run wrote, took away or put others in the place of, also where it put them back before its end.
 *
 * The kernel sets the time of a file's last change of any kind, and no program without rights can set it back.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { syntaxOf } from '../../inspect/asks/code-view';

/** By path: how each source is. */
export type Sources = ReadonlyMap<string, string>;

const AT_ONCE = 64;

export async function takeSources(folder: string, files: string[]): Promise<Sources> {
  const found = await looked(
    folder,
    files.filter((path) => syntaxOf(path) !== undefined),
  );
  return new Map([...found].map(([path, stats]) => [path, markOf(stats)]));
}

/** `startedAt`: milliseconds since 1970; undefined where the sandbox does not tell. */
export async function rewrittenSince(
  folder: string,
  before: Sources,
  startedAt: number | undefined,
): Promise<string[]> {
  const now = await looked(folder, [...before.keys()]);
  return [...before]
    .filter(([path, mark]) => {
      const stats = now.get(path);
      return stats === undefined || markOf(stats) !== mark || (startedAt !== undefined && stats.ctimeMs > startedAt);
    })
    .map(([path]) => path)
    .sort();
}

type Stats = Awaited<ReturnType<typeof lstat>>;

async function looked(folder: string, paths: string[]): Promise<Map<string, Stats>> {
  const found = new Map<string, Stats>();
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE).map(async (path) => {
      const stats = await lstat(join(folder, path)).catch(() => undefined);
      if (stats?.isFile() === true) found.set(path, stats);
    });
    await Promise.all(some);
  }
  return found;
}

function markOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}
