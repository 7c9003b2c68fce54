/**
 * The folders below DATA_DIR, and the rules by which leftovers of killed processes are found there and in temporary folders.
 */
import { access, chmod, constants, mkdir, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { tokenLeftovers } from '../adapters/access/token-file';
import { cacheFolder, homeFolder } from '../adapters/machine/home';
import type { Leftovers } from '../adapters/machine/leftovers';
import { setAsideLeftovers } from '../adapters/machine/remove-folder';
import { temporaryLeftovers } from '../adapters/machine/temporaries';
import { writeLeftovers } from '../adapters/machine/write-whole';
import { linkLeftovers } from '../adapters/releases/directory';
import { copyLeftovers } from '../adapters/releases/project-folder';
import { packageCacheLeftovers, packageCacheRoot } from '../adapters/checkouts/package-cache';
import { sandboxUsers } from '../adapters/sandbox/owners';
import { toolchainLeftovers, toolchainRoot } from '../adapters/sandbox/toolchain-copies';
import { packLeftovers } from '../adapters/workspace/disk-budget';
import { repositoryLeftovers } from '../adapters/workspace/repository';
import type { Config } from './config';
import type { SettingValues } from './settings';

export function dataFolders(dataDir: string) {
  return {
    artifacts: join(dataDir, 'artifacts'),
    documents: join(dataDir, 'documents'),
    journals: join(dataDir, 'journals'),
    repositories: join(dataDir, 'repositories'),
    releases: join(dataDir, 'releases'),
  };
}

/** The folders that have the code of all projects. */
export function projectFoldersIn(dataDir: string): string[] {
  const { repositories, releases } = dataFolders(dataDir);
  return [repositories, releases];
}

/** Gives the cache folder. It lies in DATA_DIR for a user without a home, that is without HOME and without an entry in /etc/passwd. */
export function cacheDirOf({ XDG_CACHE_HOME, DATA_DIR }: Pick<SettingValues, 'XDG_CACHE_HOME' | 'DATA_DIR'>): string {
  if (XDG_CACHE_HOME !== undefined) return resolve(XDG_CACHE_HOME, 'q-orchestrator');
  return homeFolder() === undefined ? resolve(DATA_DIR, 'cache') : cacheFolder();
}

/** The folder of the bundled workflow code. */
export const bundlesFolder = (cacheDir: string): string => join(cacheDir, 'workflows');

/**
 * Makes the data folder, for this user only. An existing folder that others may read is closed to them, with a line to `say`.
 * Throws an Error of one line where the folder cannot be written.
 */
export async function openDataDir(dataDir: string, say: (line: string) => void = () => undefined): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: OWNER_ONLY_MODE });
    await closeToOthers(dataDir, say);
    await access(dataDir, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`DATA_DIR="${dataDir}" cannot be written (${code}): set DATA_DIR to a folder that can`);
  }
}

const OWNER_ONLY_MODE = 0o700;
const OTHERS_MODE_BITS = 0o077;
/** Files of the embedded server. Earlier versions of this program left their mode to the umask. */
const DATABASE_FILES = /^temporal\.(?:db(?:-wal|-shm|-journal)?|log)$/;

async function closeToOthers(dataDir: string, say: (line: string) => void): Promise<void> {
  const { mode, uid } = await stat(dataDir);
  const isOpen = (mode & OTHERS_MODE_BITS) !== 0;
  const modeText = (mode & 0o777).toString(8).padStart(4, '0');
  if (isOpen && uid !== process.getuid?.()) {
    say(
      `DATA_DIR="${dataDir}" is open to other users (${modeText}) and belongs to another user: its owner should set its mode to 0700`,
    );
    return;
  }
  if (isOpen) {
    await chmod(dataDir, OWNER_ONLY_MODE);
    say(`DATA_DIR="${dataDir}" was open to others (${modeText}) and is now 0700`);
  }
  for (const name of (await readdir(dataDir)).filter((file) => DATABASE_FILES.test(file)))
    await chmod(join(dataDir, name), 0o600).catch(() => undefined);
}

/**
 * Gives the rules for temporary files, one entry for each part of the program that makes them. Journals are not among them: only
 * reclaim knows which builds may still need theirs.
 */
export function leftoversOf(
  { dataDir, cacheDir, firstUid }: { dataDir: string; cacheDir: string; firstUid: Config['sandbox']['uid'] },
  otherFolders = { temporary: tmpdir(), packages: packageCacheRoot(), toolchains: toolchainRoot() },
): Leftovers[] {
  const { artifacts, documents, repositories, releases } = dataFolders(dataDir);
  return [
    ...temporaryLeftovers(otherFolders.temporary, sandboxUsers(firstUid)),
    ...tokenLeftovers(dataDir),
    ...[otherFolders.temporary, otherFolders.packages].flatMap((folder) =>
      setAsideLeftovers(folder, sandboxUsers(firstUid)),
    ),
    ...writeLeftovers(artifacts),
    ...writeLeftovers(documents),
    ...writeLeftovers(bundlesFolder(cacheDir)),
    ...copyLeftovers(releases),
    ...linkLeftovers(releases),
    ...repositoryLeftovers(repositories),
    ...packLeftovers(repositories),
    ...packageCacheLeftovers(otherFolders.packages),
    ...toolchainLeftovers(otherFolders.toolchains),
  ];
}
