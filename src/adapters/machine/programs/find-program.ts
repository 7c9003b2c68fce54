/**
 * Finds a program that the orchestrator needs in the cache folder, or downloads it there. A lock lets one process download at a time.
 *
 * A download works in a temporary folder next to its target and ends with a rename, so an incomplete program is never run.
 */
import { access, chmod, constants, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { withLock } from '../lock';

/** Long enough for a download of 44 MB over a slow connection. */
const FETCH_TIMEOUT_MS = 300_000;

export interface Program {
  /** Absolute path, or a name that is looked up on PATH. */
  path: string;
  /** Where the program comes from, for the log. */
  source: string;
}

export interface DownloadTarget {
  /** An empty folder, which is removed at the end. */
  folder: string;
  timeoutMs: number;
  /** Cancels the download: its processes are ended and their files removed. */
  signal?: AbortSignal | undefined;
}

/** The downloaded files, in the folder of the download. */
export interface DownloadedFiles {
  /** Path of the executable. */
  file: string;
  /** If the executable needs other files: the folder with all of them. */
  tree?: string;
}

/** One source from which the program can be downloaded. */
export interface DownloadSource {
  source: string;
  fetch: (into: DownloadTarget) => Promise<DownloadedFiles>;
}

export interface WantedProgram {
  /** Name of the executable in the cache. */
  name: string;
  /** The program's own folder in the cache. */
  folder: string;
  /** Returns true if the file is the program and runs on this machine. */
  check: (path: string) => Promise<boolean>;
  /** The sources, in the order in which they are tried. */
  downloadSources: readonly DownloadSource[];
  /** Begins the error message if all sources fail. */
  missingMessage: string;
  signal?: AbortSignal | undefined;
}

export async function findOrDownload(wanted: WantedProgram): Promise<Program> {
  const { folder, signal } = wanted;
  const path = join(folder, wanted.name);
  const cachedProgram = { path, source: 'the cache' };
  if (await isExecutable(path)) return cachedProgram;
  await makeFolder(wanted);
  return withLock({ file: join(folder, 'fetch.lock'), waitMs: FETCH_TIMEOUT_MS, signal }, async () =>
    (await isExecutable(path)) ? cachedProgram : { path, source: await downloadFromFirst(wanted, path) },
  );
}

export function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function makeFolder({ folder, missingMessage: missing }: WantedProgram): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `${missing}; it could be fetched, but ${folder} cannot be written (${code}): set XDG_CACHE_HOME to a folder that can`,
    );
  }
}

async function downloadFromFirst(wanted: WantedProgram, path: string): Promise<string> {
  const reasons: string[] = [];
  for (const downloadSource of wanted.downloadSources) {
    try {
      await downloadInto(downloadSource, wanted, path);
      return downloadSource.source;
    } catch (error) {
      wanted.signal?.throwIfAborted();
      reasons.push(`${downloadSource.source}: ${firstLine(error)}`);
    }
  }
  throw new Error(`${wanted.missingMessage} (${reasons.join('; ')})`);
}

/** Downloads into a temporary folder next to the target, so that a rename does not cross file systems. */
async function downloadInto(downloadSource: DownloadSource, wanted: WantedProgram, path: string): Promise<void> {
  const folder = await mkdtemp(join(wanted.folder, 'fetch-'));
  try {
    const { file, tree } = await downloadSource.fetch({ folder, timeoutMs: FETCH_TIMEOUT_MS, signal: wanted.signal });
    await chmod(file, 0o755);
    if (tree !== undefined) await makeReadable(tree);
    if (!(await wanted.check(file))) {
      throw new Error(`what was fetched does not run here (a file system mounted noexec at ${wanted.folder}?)`);
    }
    if (tree === undefined) return await rename(file, path);
    // The last step renames a link, which is atomic. A process that dies before it leaves an unused folder and no incomplete program.
    const keptTree = await mkdtemp(join(wanted.folder, 'tree-'));
    await chmod(keptTree, 0o755);
    await rename(tree, keptTree);
    const link = join(folder, 'link');
    await symlink(relative(wanted.folder, join(keptTree, relative(tree, file))), link);
    await rename(link, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes the files readable for all users: if the worker runs as root, the sandbox runs the program as another user. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(0)?.slice(0, 200) ?? '';
}
