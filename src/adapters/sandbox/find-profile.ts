/**
 * Looks up what the profile needs to know of this machine: programs, and what there is to hide.
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

/** The root of this program, which may lie below /usr. */
const OURS = join(__dirname, '../../..');

/** What these tell of the machine is no business of a build. Others that do are the kernel's own secret: only root reads them. */
const HIDDEN_FILES = ['cmdline', 'keys', 'key-users', 'kallsyms', 'modules', 'diskstats'].map(
  (name) => `/proc/${name}`,
);

export interface MachineOptions {
  /** Where `bwrap` and `prlimit` come from. */
  programs: Programs;
  /** Folders that no command may see. */
  hidden: string[];
  /** Undefined: the programs below /usr only. */
  worker?: WorkerPrograms | undefined;
}

export async function findMachine({ programs, hidden, worker }: MachineOptions): Promise<Machine> {
  const hiddenFolders = ['/usr/src', OURS, ...hidden].filter(
    (path) => !isOutsideUsr(path) && path !== '/usr/' && !process.execPath.startsWith(`${path}/`),
  );
  return {
    prlimitPath: await findPrlimit(programs),
    bwrapPath: (await findHolder(programs)).path,
    nodePath: process.execPath,
    toolchain: worker === undefined ? NO_TOOLCHAIN : await findToolchain(worker),
    hiddenFolders: await existing(hiddenFolders),
    hiddenFiles: await existing(HIDDEN_FILES),
  };
}

async function existing(paths: string[]): Promise<string[]> {
  const isThere = await Promise.all(paths.map((path) => succeeds(stat(path))));
  return paths.filter((_, index) => isThere[index]);
}

/** Throws Failure `Sandbox.Unavailable` with the ways to get one. */
export async function findHolder(programs: Programs): Promise<Program> {
  try {
    return await findBubblewrap(programs);
  } catch (error) {
    programs.signal?.throwIfAborted();
    throw unavailable(error instanceof Error ? error.message : String(error));
  }
}

/** Part of util-linux, which every Debian and Ubuntu has. */
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
