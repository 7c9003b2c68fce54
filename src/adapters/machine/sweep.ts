/**
 * Removes what killed processes left behind: scratch folders, half-copied releases, temporary files, unused dependencies.
 *
 * Only names that we give, only what belongs to us, and only where its maker is dead or it is old. Nothing that can be asked
 * for by name is ever touched.
 */
import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dependencyCacheRoot } from '../sandbox/dependency-cache';
import { removeScratch } from '../sandbox/scratch';
import { isMakerDead, isTemporary } from './temporaries';

const HOUR_MS = 3_600_000;
/** Longer than any write, copy or fetch takes. */
const STALE_MS = 12 * HOUR_MS;
const ABANDONED_MS = 7 * 24 * HOUR_MS;
const UNUSED_MS = 14 * 24 * HOUR_MS;

/** Where leftovers are, how they are named there, and after how long they are nobody's. */
interface Place {
  folder: string;
  name: RegExp;
  afterMs: number;
}

export interface SweepOptions {
  dataDir: string;
  scratchRoot?: string;
  dependencies?: string;
  /** First of the 256 users of sandboxes. */
  firstUid?: number | undefined;
}

/** Gives how many it removed. What cannot be removed stays for the next time. */
export async function sweep(options: SweepOptions): Promise<number> {
  const { dataDir, scratchRoot = tmpdir(), dependencies = dependencyCacheRoot() } = options;
  const places = [...(await placesOf(dataDir)), ...dependencyPlaces(dependencies)];
  const removed = await Promise.all([
    sweepScratch(scratchRoot, options.firstUid ?? 60_800),
    // git's index files are made where temporary files go, wherever scratch folders are.
    scratchRoot === tmpdir() ? 0 : sweepScratch(tmpdir(), options.firstUid ?? 60_800),
    ...places.map(sweepPlace),
  ]);
  return removed.reduce((sum, count) => sum + count, 0);
}

async function sweepScratch(root: string, firstUid: number): Promise<number> {
  const isOurs = ({ uid }: Stats): boolean => uid === process.getuid?.() || (uid >= firstUid && uid < firstUid + 256);
  return removeWhere(root, (entry, stats) => {
    if (!entry.isDirectory() || !isTemporary(entry.name) || !isOurs(stats)) return false;
    return isMakerDead(entry.name) || age(stats) > ABANDONED_MS;
  });
}

async function sweepPlace({ folder, name, afterMs }: Place): Promise<number> {
  return removeWhere(
    folder,
    (entry, stats) => name.test(entry.name) && stats.uid === process.getuid?.() && age(stats) > afterMs,
  );
}

async function placesOf(dataDir: string): Promise<Place[]> {
  const [releases, repositories] = [join(dataDir, 'releases'), join(dataDir, 'repositories')];
  const projects = (await namesIn(releases)).map((name) => join(releases, name));
  const written = [join(dataDir, 'artifacts'), join(dataDir, 'documents')];
  const folders = await Promise.all(
    written.map(async (folder) => (await namesIn(folder)).map((name) => join(folder, name))),
  );
  const packs = (await namesIn(repositories)).map((name) => join(repositories, name, 'objects/pack'));
  const stale = (name: RegExp) => (folder: string) => ({ folder, name, afterMs: STALE_MS });
  return [
    ...projects.map((folder) => join(folder, 'releases')).map(stale(/^\.\d+\.[0-9a-f]{12}\.partial$/)),
    ...projects.map(stale(/^\.current\.[0-9a-f]{12}$/)),
    ...[...written, ...folders.flat()].map(stale(/^\.[0-9a-f]{18}\.tmp$/)),
    stale(/^[A-Za-z0-9_-]{1,64}\.git\.[0-9a-f]{12}\.new$/)(repositories),
    ...packs.map(stale(/^tmp_(pack|idx|rev)_\w+$/)),
  ];
}

function dependencyPlaces(folder: string): Place[] {
  return [
    { folder, name: /^\.[0-9a-f]{64}\.\d+\.[0-9a-f]{12}\.partial$/, afterMs: STALE_MS },
    { folder, name: /^[0-9a-f]{64}$/, afterMs: UNUSED_MS },
  ];
}

async function removeWhere(folder: string, isLeft: (entry: Dirent, stats: Stats) => boolean): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  let removed = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats === undefined || !isLeft(entry, stats)) continue;
    const remove = entry.isDirectory() ? removeScratch(path) : rm(path, { force: true });
    await remove.then(
      () => (removed += 1),
      () => undefined,
    );
  }
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function age({ mtimeMs }: Stats): number {
  return Date.now() - mtimeMs;
}
