/**
 * The folders below DATA_DIR, and what killed processes may have left there and where temporary files go.
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

/** Code of all projects lies in them. */
export function projectFoldersIn(dataDir: string): string[] {
  const { repositories, releases } = dataFolders(dataDir);
  return [repositories, releases];
}

/** A user without an entry in /etc/passwd and without HOME has no home: then the data folder holds the cache too. */
export function cacheDirOf({ XDG_CACHE_HOME, DATA_DIR }: Pick<SettingValues, 'XDG_CACHE_HOME' | 'DATA_DIR'>): string {
  if (XDG_CACHE_HOME !== undefined) return resolve(XDG_CACHE_HOME, 'q-orchestrator');
  return homeFolder() === undefined ? resolve(DATA_DIR, 'cache') : cacheFolder();
}

/** Of the bundled workflow code. */
export const bundlesFolder = (cacheDir: string): string => join(cacheDir, 'workflows');

/**
 * Makes it where it is missing, for this user alone; one that others may read is closed to them, and `say` is told. Throws one line
 * where it cannot be written.
 */
export async function openDataDir(dataDir: string, say: (line: string) => void = () => undefined): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: OWN_ONLY });
    await closeToOthers(dataDir, say);
    await access(dataDir, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`DATA_DIR="${dataDir}" cannot be written (${code}): set DATA_DIR to a folder that can`);
  }
}

const OWN_ONLY = 0o700;
const OTHERS = 0o077;
/** Of the embedded server: earlier releases left them to the umask. */
const DATABASE = /^temporal\.(?:db(?:-wal|-shm|-journal)?|log)$/;

async function closeToOthers(dataDir: string, say: (line: string) => void): Promise<void> {
  const { mode, uid } = await stat(dataDir);
  const isOpen = (mode & OTHERS) !== 0;
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  if (isOpen && uid !== process.getuid?.()) {
    say(`DATA_DIR="${dataDir}" is open to others (${shown}) and another user's: its owner should set it to 0700`);
    return;
  }
  if (isOpen) {
    await chmod(dataDir, OWN_ONLY);
    say(`DATA_DIR="${dataDir}" was open to others (${shown}) and is now 0700`);
  }
  for (const name of (await readdir(dataDir)).filter((one) => DATABASE.test(one)))
    await chmod(join(dataDir, name), 0o600).catch(() => undefined);
}

/** One line for each file that makes temporary names. Journals are no leftovers: only reclaim knows which builds may come back to them. */
export function leftoversOf(
  { dataDir, cacheDir, firstUid }: { dataDir: string; cacheDir: string; firstUid: Config['sandbox']['uid'] },
  elsewhere = { temporary: tmpdir(), packages: packageCacheRoot(), toolchains: toolchainRoot() },
): Leftovers[] {
  const { artifacts, documents, repositories, releases } = dataFolders(dataDir);
  return [
    ...temporaryLeftovers(elsewhere.temporary, sandboxUsers(firstUid)),
    ...tokenLeftovers(dataDir),
    ...[elsewhere.temporary, elsewhere.packages].flatMap((folder) => setAsideLeftovers(folder, sandboxUsers(firstUid))),
    ...writeLeftovers(artifacts),
    ...writeLeftovers(documents),
    ...writeLeftovers(bundlesFolder(cacheDir)),
    ...copyLeftovers(releases),
    ...linkLeftovers(releases),
    ...repositoryLeftovers(repositories),
    ...packLeftovers(repositories),
    ...packageCacheLeftovers(elsewhere.packages),
    ...toolchainLeftovers(elsewhere.toolchains),
  ];
}
