/**
 * One bare repository per project, without hooks, and what is asked of it everywhere: refs, commits, names.
 *
 * HEAD stays unborn and nothing is ever checked out in place, so attributes, filters and hooks of a tree are inert text.
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
  /** git for another repository, named by `-C` or by its address. */
  readonly elsewhere: Git;
}

export interface Repositories {
  /** Makes the repository where it is missing. */
  open(projectId: string): Promise<ProjectGit>;
  /** Undefined where there is none. */
  find(projectId: string): Promise<ProjectGit | undefined>;
  /** Stands in for the user's settings; written before the first repository is given. */
  configFile: string;
}

const COMMIT = /^[0-9a-f]{40}$/;
export const NO_COMMIT = '0'.repeat(40);

export function createRepositories(root: string): Repositories {
  const configFile = join(root, 'git.config');
  const git = createGit(configFile);
  const cached = cachedAnswer(git);
  let ready: Promise<void> | undefined;
  const at = async (projectId: string): Promise<{ found: boolean; project: ProjectGit }> => {
    if (!ids.isId(projectId)) throw new Error(`${JSON.stringify(projectId)} is not a project id.`);
    ready ??= writeSettings(root, configFile);
    await ready;
    const folder = join(root, `${projectId}.git`);
    const run = (args: string[], call?: GitCall) => cached([`--git-dir=${folder}`, ...args], call);
    return { found: await isFolder(folder), project: Object.assign(run, { folder, elsewhere: git }) };
  };
  return {
    configFile,
    async open(projectId) {
      const { found, project } = await at(projectId);
      if (!found) await initialise(project.folder, git);
      return project;
    },
    async find(projectId) {
      const { found, project } = await at(projectId);
      return found ? project : undefined;
    },
  };
}

export const branchOf = (at: RepoId): string => `refs/heads/${ids.branchNameOf(checkBuild(at))}`;
export const baseRefOf = (at: RepoId): string => `refs/bases/${ids.lineNameOf(checkBuild(at))}`;
/** What was seen of the given repository when the base was taken from it: a blob, `SourceFacts` as JSON. */
export const sourceRefOf = (at: RepoId): string => `refs/sources/${ids.lineNameOf(checkBuild(at))}`;
export const parkedRefOf = (at: RepoId, generation: number): string => ids.parkedRefOf(checkBuild(at), generation);

/** What an attempt published after its turn was over. */
export const abandonedRefOf = (at: RepoId, turn: number): string => ids.abandonedRefOf(checkBuild(at), turn);

export function checkCommit(commit: string): string {
  if (!COMMIT.test(commit)) throw new Error(`${JSON.stringify(commit.slice(0, 80))} is not a commit (40 hex digits).`);
  return commit;
}

/** The commit a ref points to; undefined where there is no such ref. */
export async function readRef(git: ProjectGit, ref: string): Promise<string | undefined> {
  const { stdout } = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', ref], { allowExit: [1] });
  return stdout.toString('utf8').trim() || undefined;
}

interface RefMove {
  to: string;
  /** What the caller saw; `NO_COMMIT`: no such ref. */
  expected: string;
}

/** Moves a ref only where it still is what the caller saw. False where another writer moved it first. */
export async function moveRef(git: ProjectGit, ref: string, move: RefMove): Promise<boolean> {
  const { to, expected } = move;
  const args = ['update-ref', ref, checkCommit(to), checkCommit(expected)];
  try {
    await git(args);
    return true;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (await removeStaleLock(error.stderr)) return moveRef(git, ref, move);
    const now = (await readRef(git, ref)) ?? NO_COMMIT;
    if (now === to) return true;
    if (now !== expected) return false;
    throw error;
  }
}

/** A git that was killed in the middle of `update-ref` leaves its lock; after a minute nobody alive can hold it. */
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
  if (at.requestKey !== undefined && !ids.isId(at.requestKey)) throw new Error('The key of a request is no id.');
  return at;
}

async function writeSettings(root: string, configFile: string): Promise<void> {
  await mkdir(root, { recursive: true });
  // Repositories to fetch from may belong to another user; they are only read, by upload-pack.
  await writeFile(configFile, '[safe]\n\tdirectory = *\n');
}

/** Made aside and renamed, so that two builds that start a project together never share a half-made repository. */
async function initialise(folder: string, git: ReturnType<typeof createGit>): Promise<void> {
  const aside = `${folder}.${randomBytes(6).toString('hex')}.new`;
  await git(['init', '--bare', '--quiet', '--template=', '--initial-branch=none', '--object-format=sha1', aside]);
  try {
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

/** `root`: the folder of all repositories. */
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
