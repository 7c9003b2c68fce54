/**
 * Finds the parts of the profile that depend on this machine: its programs, and the folders and files to hide.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isOutsideUsr, NO_TOOLCHAIN } from './profile';
import { findInFolders, programFolders } from '../machine/programs/program-folders';
import type { Program } from '../machine/programs/find-program';
import { findBubblewrap } from './find-bubblewrap';
import type { Programs } from './find-bubblewrap';
import type { Profile } from './profile';
import { findToolchain } from './toolchain';
import type { WorkerPrograms } from './toolchain';
import { unavailable } from './unavailable';

export type Machine = Omit<Profile, 'uid' | 'gid' | 'limits'>;

/** The folder of this program, which may be below /usr. */
const PROGRAM_ROOT = join(__dirname, '../../..');

/** Files about the machine that a build must not read. The kernel itself lets only root read the other ones. */
const HIDDEN_FILES = ['cmdline', 'keys', 'key-users', 'kallsyms', 'modules', 'diskstats'].map(
  (name) => `/proc/${name}`,
);

export interface MachineOptions {
  /** The folders in which the worker looks for `bwrap` and `prlimit`. */
  programs: Programs;
  /** Folders that no command may see. */
  hidden: string[];
  /** The worker whose programs are shown; undefined: only the programs below /usr. */
  worker?: WorkerPrograms | undefined;
}

export async function findMachine({ programs, hidden, worker }: MachineOptions): Promise<Machine> {
  const hiddenFolders = ['/usr/src', PROGRAM_ROOT, ...hidden].filter(
    (path) => !isOutsideUsr(path) && path !== '/usr/' && !process.execPath.startsWith(`${path}/`),
  );
  return {
    prlimitPath: await findPrlimit(programs),
    bwrapPath: (await requireBubblewrap(programs)).path,
    nodePath: process.execPath,
    toolchain: worker === undefined ? NO_TOOLCHAIN : await findToolchain(worker),
    hiddenFolders: await keepExisting(hiddenFolders),
    hiddenFiles: await keepExisting(HIDDEN_FILES),
  };
}

async function keepExisting(paths: string[]): Promise<string[]> {
  const isThere = await Promise.all(paths.map((path) => succeeds(stat(path))));
  return paths.filter((_, index) => isThere[index]);
}

/** Finds bubblewrap. Throws Failure `Sandbox.Unavailable`, whose message says how to install it. */
export async function requireBubblewrap(programs: Programs): Promise<Program> {
  try {
    return await findBubblewrap(programs);
  } catch (error) {
    programs.signal?.throwIfAborted();
    throw unavailable(error instanceof Error ? error.message : String(error));
  }
}

/** Finds prlimit, a program of util-linux, which every Debian and Ubuntu has. */
async function findPrlimit({ folders }: Programs): Promise<string> {
  const path = await findInFolders('prlimit', folders ?? (await programFolders()));
  if (path !== undefined) return path;
  throw unavailable('prlimit is not installed; it takes Linux and: apt-get install util-linux');
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
