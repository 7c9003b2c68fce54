/**
 * Looks up what the profile needs to know of this machine: programs, and what there is to hide.
 */
import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isOutsideUsr, NO_TOOLCHAIN } from './profile';
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
  /** Folders that are searched for `bwrap` and `prlimit`. */
  folders: string[];
  /** Folders that no command may see. */
  hidden: string[];
  /** Undefined: the programs below /usr only. */
  worker?: WorkerPrograms | undefined;
}

export async function findMachine({ folders, hidden, worker }: MachineOptions): Promise<Machine> {
  const hiddenFolders = ['/usr/src', OURS, ...hidden].filter(
    (path) => !isOutsideUsr(path) && path !== '/usr/' && !process.execPath.startsWith(`${path}/`),
  );
  return {
    bwrapPath: await findProgram('bwrap', 'bubblewrap', folders),
    prlimitPath: await findProgram('prlimit', 'util-linux', folders),
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

async function findProgram(name: string, debianPackage: string, folders: string[]): Promise<string> {
  for (const folder of folders) {
    const path = join(folder, name);
    if (await succeeds(access(path, constants.X_OK))) return path;
  }
  throw unavailable(`${name} is not installed; it takes Linux and: apt-get install ${debianPackage}`);
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
