/**
 * Opens the bare repository of a project, and names, reads and moves its refs.
 *
 * HEAD never names a commit and nothing is checked out in the repository, so attributes, filters and hooks of a tree have no
 * effect.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepoId } from '../../ports/workspace';
import * as ids from '../../domain/ids';
import { isCode } from '../machine/errno';
import { STALE_MS } from '../machine/leftovers';
import type { Leftovers } from '../machine/leftovers';
import { createGit, GitError } from './git';
import type { Git, GitAnswer, GitCall } from './git';
import { cachedAnswer } from './object-cache';

/** git on one project's repository. */
export interface ProjectGit {
  (args: string[], call?: GitCall): Promise<GitAnswer>;
  readonly folder: string;
  /** Runs git on another repository, named by `-C` or by its address. */
  readonly elsewhere: Git;
}

export interface Repositories {
  /** Returns the project's repository; makes it if it is missing. */
  open(projectId: string): Promise<ProjectGit>;
  /** Returns the project's repository; undefined if there is none. */
  find(projectId: string): Promise<ProjectGit | undefined>;
  /** git reads it in place of the user's settings. It is written before the first repository is returned. */
  configFile: string;
}

const COMMIT = /^[0-9a-f]{40}$/;
export const NO_COMMIT = '0'.repeat(40);

export function createRepositories(root: string): Repositories {
  const configFile = join(root, 'git.config');
  const git = createGit(configFile);
  const cachedGit = cachedAnswer(git);
  let settingsWritten: Promise<void> | undefined;
  const locate = async (projectId: string): Promise<{ exists: boolean; project: ProjectGit }> => {
    if (!ids.isId(projectId)) throw new Error(`${JSON.stringify(projectId)} is not a project id.`);
    settingsWritten ??= writeSettings(root, configFile);
    await settingsWritten;
    const folder = join(root, `${projectId}.git`);
    const run = (args: string[], call?: GitCall) => cachedGit([`--git-dir=${folder}`, ...args], call);
    return { exists: await isFolder(folder), project: Object.assign(run, { folder, elsewhere: git }) };
  };
  return {
    configFile,
    async open(projectId) {
      const { exists, project } = await locate(projectId);
      if (!exists) await initialise(project.folder, git);
      return project;
    },
    async find(projectId) {
      const { exists, project } = await locate(projectId);
      return exists ? project : undefined;
    },
  };
}

export const branchOf = (at: RepoId): string => `refs/heads/${ids.branchNameOf(checkBuild(at))}`;
export const baseRefOf = (at: RepoId): string => `refs/bases/${ids.lineNameOf(checkBuild(at))}`;
/** A ref to a blob with the facts about the source repository at the time of the base: `SourceFacts` as JSON. */
export const sourceRefOf = (at: RepoId): string => `refs/sources/${ids.lineNameOf(checkBuild(at))}`;
export const parkedRefOf = (at: RepoId, generation: number): string => ids.parkedRefOf(checkBuild(at), generation);

/** A ref to the commit that an attempt published after its turn was over. */
export const abandonedRefOf = (at: RepoId, turn: number): string => ids.abandonedRefOf(checkBuild(at), turn);

export function checkCommit(commit: string): string {
  if (!COMMIT.test(commit)) throw new Error(`${JSON.stringify(commit.slice(0, 80))} is not a commit (40 hex digits).`);
  return commit;
}

/** Returns the commit of a ref; undefined if there is no such ref. */
export async function readRef(git: ProjectGit, ref: string): Promise<string | undefined> {
  const { stdout } = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', ref], { allowExit: [1] });
  return stdout.toString('utf8').trim() || undefined;
}

interface RefMove {
  to: string;
  /** The commit that the caller saw; `NO_COMMIT` if there was no such ref. */
  expected: string;
}

/** Moves a ref only if it still has the commit that the caller saw. False if another writer moved it first. */
export async function moveRef(git: ProjectGit, ref: string, move: RefMove): Promise<boolean> {
  const { to, expected } = move;
  const args = ['update-ref', ref, checkCommit(to), checkCommit(expected)];
  try {
    await git(args);
    return true;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (await removeStaleLock(error.stderr)) return moveRef(git, ref, move);
    const currentCommit = (await readRef(git, ref)) ?? NO_COMMIT;
    if (currentCommit === to) return true;
    if (currentCommit !== expected) return false;
    throw error;
  }
}

/** Removes the lock file of a git that was killed during `update-ref`; no living process holds it for more than a minute. */
async function removeStaleLock(stderr: string): Promise<boolean> {
  const path = /Unable to create '([^']+\.lock)': File exists/.exec(stderr)?.[1];
  if (path === undefined) return false;
  try {
    if (Date.now() - (await stat(path)).mtimeMs < 60_000) return false;
    await unlink(path);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return true;
    throw error;
  }
}

function checkBuild(at: RepoId): RepoId {
  if (!ids.isId(at.buildId)) throw new Error(`${JSON.stringify(at.buildId)} is not a build id.`);
  if (at.requestKey !== undefined && !ids.isId(at.requestKey)) throw new Error('The key of a request is not an id.');
  return at;
}

async function writeSettings(root: string, configFile: string): Promise<void> {
  await mkdir(root, { recursive: true });
  // Repositories to fetch from may belong to another user; they are only read, by upload-pack.
  await writeFile(configFile, '[safe]\n\tdirectory = *\n');
}

/** Makes the repository in a temporary folder and renames it, so that another build cannot find it incomplete. */
async function initialise(folder: string, git: ReturnType<typeof createGit>): Promise<void> {
  const temporary = `${folder}.${randomBytes(6).toString('hex')}.new`;
  await git(['init', '--bare', '--quiet', '--template=', '--initial-branch=none', '--object-format=sha1', temporary]);
  try {
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** Describes the temporary repositories and indexes that a killed process leaves behind. `root` is the folder of all repositories. */
export function repositoryLeftovers(root: string): Leftovers[] {
  return [
    { folder: root, name: /^[A-Za-z0-9_-]{1,64}\.git\.[0-9a-f]{12}\.new$/, afterMs: STALE_MS },
    { folder: root, below: ['*'], name: /^attributes\.[0-9a-f]{12}\.index(\.lock)?$/, afterMs: STALE_MS },
  ];
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}
