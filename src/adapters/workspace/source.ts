/**
 * Inspects the repository that a request names before anything is fetched: its place, its branches, its uncommitted files.
 *
 * It only reads, without the repository's hooks, filters and locks: the repository's author may have set any of them.
 */
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { RepositorySource } from '../../ports/workspace';
import type { SourceFacts } from '../../ports/repository-facts';
import { accessEnv } from './access';
import type { GitAccess, Protocols } from './access';
import { withRetries, showPlace, unreadable } from './explain-fetch';
import { GitError } from './git';
import type { Git } from './git';
import { isBelowRoots, refuseLeadingOut } from './stays-inside';

export interface Source extends Omit<SourceFacts, 'isShallow'> {
  /** The path or address from which git fetches. */
  place: string;
  protocols: Protocols;
  /** The git folder of a local repository, which also has the objects of submodules and of LFS; null for a remote one. */
  gitFolder: string | null;
  /** Short names of its branches. */
  branches: string[];
}
export interface LookOptions {
  access: GitAccess;
  /** Folders in which a local repository may be; undefined: anywhere. */
  roots?: string[] | undefined;
}

const LOOK_MS = 30_000;
const SHA1_DIGITS = 40;

/** Inspects the repository of a request. Throws Failure `Workspace.RepositoryUnreadable`. */
export async function lookAtSource(git: Git, requested: RepositorySource, options: LookOptions): Promise<Source> {
  if (requested.path !== undefined) return lookAtFolder(git, requested.path, options);
  const { url } = requested;
  if (url === undefined || !isRemoteUrl(url)) {
    throw unreadable(
      `${JSON.stringify(url)} is not a repository URL`,
      'Give one that starts with https://, ssh:// or git@',
    );
  }
  return withRetries(url, () => lookAtRemote(git, url, options.access));
}

export function isRemoteUrl(url: string): boolean {
  return /^(https:\/\/|ssh:\/\/|git@)[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(url);
}

/** Asks for the refs only: a missing server or a wrong name is found within seconds, before anything is fetched. */
async function lookAtRemote(git: Git, place: string, access: GitAccess): Promise<Source> {
  const protocols = 'https:ssh';
  const env = await accessEnv(access, protocols);
  const { stdout } = await git(['ls-remote', '--quiet', '--symref', '--end-of-options', place], {
    env,
    timeoutMs: LOOK_MS,
    maxBytes: 16 * 1024 * 1024,
    cut: true,
  });
  const lines = stdout.toString('utf8').split('\n');
  const oid = lines.map((line) => /^([0-9a-f]{40,64})\t/.exec(line)?.[1]).find((one) => one !== undefined);
  if (oid === undefined) throw unreadable(`${showPlace(place)} has no commit yet`, 'Make a first commit there');
  if (oid.length > SHA1_DIGITS) throw sha256Refused(place);
  const branches = lines.flatMap((line) => /\trefs\/heads\/(.+)$/.exec(line)?.[1] ?? []);
  const branch = lines.map((line) => /^ref: refs\/heads\/(.+)\tHEAD$/.exec(line)?.[1]).find(Boolean) ?? null;
  return { place, protocols, gitFolder: null, branches, workdir: '', uncommitted: null, branch };
}

async function lookAtFolder(git: Git, path: string, { roots }: LookOptions): Promise<Source> {
  const isFolder =
    isAbsolute(path) &&
    !path.includes('\0') &&
    (await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  if (!isFolder)
    throw unreadable(`${JSON.stringify(path)} is not a folder here`, 'Give the absolute path of a git repository');
  await refuseLeadingOut(git, path, roots);
  const ask = (...args: string[]) => readLines(git, path, args);
  const kind = await ask('rev-parse', '--path-format=absolute', '--git-common-dir', '--show-object-format');
  if (kind === undefined)
    throw unreadable(
      `${JSON.stringify(path)} could not be read as a git repository: neither it nor a folder above it is one`,
      'Give the folder of a git repository, or one below it',
    );
  const [gitFolder = '', format] = kind;
  if (format === 'sha256') throw sha256Refused(path);
  const [top, prefix = ''] = (await ask('rev-parse', '--show-toplevel', '--show-prefix')) ?? [];
  // With an empty list of roots, each repository must keep its parts in its own folder, which was checked above.
  if (top !== undefined && (prefix !== '' || roots?.length !== 0)) await refuseOutside(path, top, roots);
  const branches = (await ask('for-each-ref', '--format=%(refname:lstrip=2)', '--count=1000', 'refs/heads')) ?? [];
  const [branch = null] = (await ask('symbolic-ref', '--quiet', '--short', 'HEAD')) ?? [];
  const isEmpty = branches.length === 0 && (await ask('rev-parse', '--verify', '--quiet', 'HEAD')) === undefined;
  if (isEmpty)
    throw unreadable(`${showPlace(path)} has no commit at "HEAD": it has none yet`, 'Make a first commit there');
  return {
    place: top ?? path,
    protocols: 'file',
    gitFolder,
    branches,
    workdir: prefix.replace(/\/$/, ''),
    uncommitted: top === undefined ? null : await countUncommitted(git, top),
    branch,
  };
}

/** Returns the lines that git prints; undefined if git ends with exit code 1 or 128. */
async function readLines(git: Git, path: string, args: string[]): Promise<string[] | undefined> {
  const { stdout, exitCode } = await git(['-C', path, ...args], { allowExit: [1, 128], timeoutMs: LOOK_MS });
  return exitCode === 0 ? stdout.toString('utf8').split('\n').filter(Boolean) : undefined;
}

/** Refuses a folder inside the roots whose repository begins outside of them. */
async function refuseOutside(path: string, top: string, roots: string[] | undefined): Promise<void> {
  if (await isBelowRoots(top, roots)) return;
  throw unreadable(
    `${JSON.stringify(path)} is a folder of a repository that does not lie below one of the configured REPOSITORY_ROOTS`,
    'Name a folder above that repository in REPOSITORY_ROOTS of the worker',
  );
}

/** Counts uncommitted files; null if git takes too long. The repository's filters are turned off: they would run its programs. */
async function countUncommitted(git: Git, top: string): Promise<number | null> {
  const filterNames = (await readLines(git, top, ['config', '--name-only', '--get-regexp', '^filter\\.'])) ?? [];
  const filtersOff = filterNames
    .filter((name) => /\.(clean|smudge|process)$/.test(name))
    .flatMap((name) => ['-c', `${name}=`]);
  const flags = ['--porcelain=v1', '-z', '--untracked-files=normal', '--ignore-submodules=all', '--no-renames'];
  try {
    const { stdout } = await git([...filtersOff, '-C', top, 'status', ...flags], { timeoutMs: LOOK_MS, cut: true });
    return stdout.reduce((count, byte) => count + Number(byte === 0), 0);
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

function sha256Refused(place: string): Error {
  return unreadable(
    `${showPlace(place)} has the object format sha256, and builds are kept in sha1`,
    'Give a copy that `git fast-export --all | git fast-import` made in a repository of the format sha1',
  );
}

/** Returns the path at which a git folder stores the content of an LFS file. */
export function lfsObjectOf(gitFolder: string, oid: string): string {
  return join(gitFolder, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
}
