/**
 * Checks the remote and the branch of a `git` release, and fetches the commit that the remote's branch is about to leave.
 */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { Failure } from '../../domain/failures';
import { accessEnv } from '../workspace/access';
import type { GitAccess, Protocols } from '../workspace/access';
import { remoteCall } from '../workspace/remote';
import type { Git } from '../workspace/git';
import type { Remote } from '../workspace/remote';
import { checkCommit } from '../workspace/repository';
import type { ProjectGit } from '../workspace/repository';
import { refuseLeadingOut } from '../workspace/stays-inside';

const URL_FORM = /^(https:\/\/|ssh:\/\/|git@)[^\s\p{Cc}-][^\s\p{Cc}]*$/u;
const BRANCH_FORM = /^(?!.*(\.\.|\/\/|@\{|\.lock$|\/$|\.$))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/;

/** Throws Failure `Release.Refused` for an address that is not a remote, and for a path outside the roots or with parts outside. */
export async function checkRemote(
  remote: string,
  { roots, git, access = {} }: { roots: string[]; git: Git; access?: GitAccess | undefined },
): Promise<Remote> {
  const remoteAt = async (place: string, protocols: Protocols): Promise<Remote> => ({
    place,
    protocols,
    env: await accessEnv(access, protocols),
  });
  if (URL_FORM.test(remote)) return remoteAt(remote, 'https:ssh');
  if (!isAbsolute(remote) || remote.includes('\0')) throw refusal('release.remote must be a URL or an absolute path');
  const realPath = await realpath(remote).catch(() => null);
  const rootPaths = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
  if (realPath === null || !rootPaths.some((root) => isBelow(root, realPath))) {
    throw refusal('release.remote must be a repository below one of the configured REPOSITORY_ROOTS');
  }
  await refuseLeadingOut(git, realPath, roots).catch((error: unknown) => {
    throw error instanceof Failure ? refusal(`release.remote: ${error.message}`) : error;
  });
  return remoteAt(realPath, 'file');
}

export function checkBranch(branch: string): string {
  if (BRANCH_FORM.test(branch)) return branch;
  throw refusal(`release.branch ${JSON.stringify(branch.slice(0, 80))} is not a valid branch name`);
}

/** Fetches a commit that only the remote has: without it, a rollback could not push that commit again. */
export async function keepCommit(
  git: ProjectGit,
  remote: Remote,
  { branch, commit }: { branch: string; commit: string },
): Promise<void> {
  const existing = await git(['cat-file', '-e', `${checkCommit(commit)}^{commit}`], { allowExit: [1, 128] });
  const keepRef = `refs/production/${commit}`;
  if (existing.exitCode !== 0) {
    const args = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance'];
    await git(
      ['fetch', ...args, '--end-of-options', remote.place, `+refs/heads/${branch}:${keepRef}`],
      remoteCall(remote),
    );
  }
  await git(['update-ref', keepRef, commit]);
}

function refusal(message: string): Failure {
  return new Failure('Release.Refused', message);
}

function isBelow(root: string, path: string): boolean {
  const steps = relative(root, path);
  return steps !== '' && steps !== '..' && !steps.startsWith('../') && !isAbsolute(steps);
}
