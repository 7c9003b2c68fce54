/**
 * A program that this product needs and may fetch: from the cache folder, else fetched into it, one start at a time.
 *
 * A fetch works in a folder of its own beside the target and ends with a rename: a half-written program is never run.
 */
import { access, chmod, constants, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { withLock } from '../lock';

/** A download of 44 MB over a slow line. */
const FETCH_TIMEOUT_MS = 300_000;

export interface Program {
  /** Absolute, or a name that is looked up on PATH. */
  path: string;
  /** In words, for the one line that says which was taken. */
  source: string;
}

export interface FetchInto {
  /** Empty, and removed at the end. */
  folder: string;
  timeoutMs: number;
  /** Breaks it off: the processes that fetch are ended, and what they made is removed. */
  signal?: AbortSignal | undefined;
}

/** What a way has fetched, below its folder. */
export interface Fetched {
  file: string;
  /** Where the file needs others beside it: the folder that holds them all. */
  tree?: string;
}

/** One way to get the program. */
export interface Way {
  source: string;
  fetch: (into: FetchInto) => Promise<Fetched>;
}

export interface WantedProgram {
  /** Of the executable, in the cache. */
  name: string;
  /** The program's own folder in the cache. */
  folder: string;
  /** Is this file the program, and does it run here? */
  check: (path: string) => Promise<boolean>;
  /** Tried in this order. */
  ways: readonly Way[];
  /** Begins the error that says that no way led to it. */
  missing: string;
  signal?: AbortSignal | undefined;
}

export async function keptOrFetched(wanted: WantedProgram): Promise<Program> {
  const { folder, signal } = wanted;
  const path = join(folder, wanted.name);
  const kept = { path, source: 'the cache' };
  if (await mayRun(path)) return kept;
  await makeFolder(wanted);
  return withLock({ file: join(folder, 'fetch.lock'), waitMs: FETCH_TIMEOUT_MS, signal }, async () =>
    (await mayRun(path)) ? kept : { path, source: await fetchFirst(wanted, path) },
  );
}

export function mayRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function makeFolder({ folder, missing }: WantedProgram): Promise<void> {
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

async function fetchFirst(wanted: WantedProgram, path: string): Promise<string> {
  const reasons: string[] = [];
  for (const way of wanted.ways) {
    try {
      await fetchBeside(way, wanted, path);
      return way.source;
    } catch (error) {
      wanted.signal?.throwIfAborted();
      reasons.push(`${way.source}: ${firstLine(error)}`);
    }
  }
  throw new Error(`${wanted.missing} (${reasons.join('; ')})`);
}

/** The folder lies beside the target, so that the renames do not cross file systems. */
async function fetchBeside(way: Way, wanted: WantedProgram, path: string): Promise<void> {
  const folder = await mkdtemp(join(wanted.folder, 'fetch-'));
  try {
    const { file, tree } = await way.fetch({ folder, timeoutMs: FETCH_TIMEOUT_MS, signal: wanted.signal });
    await chmod(file, 0o755);
    if (tree !== undefined) await openTree(tree);
    if (!(await wanted.check(file))) {
      throw new Error(`what was fetched does not run here (a file system mounted noexec at ${wanted.folder}?)`);
    }
    if (tree === undefined) return await rename(file, path);
    // A link is what can take the name in one step; an interrupted start before it leaves a tree that nothing names.
    const kept = await mkdtemp(join(wanted.folder, 'tree-'));
    await chmod(kept, 0o755);
    await rename(tree, kept);
    const link = join(folder, 'link');
    await symlink(relative(wanted.folder, join(kept, relative(tree, file))), link);
    await rename(link, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The sandbox starts its program as another user than a worker that runs as root: that user reads it too. */
async function openTree(folder: string): Promise<void> {
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
