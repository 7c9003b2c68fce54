/**
 * Writes a build's result as a branch into the repository that the request named: one ref and the objects that it needs.
 *
 * Nothing is checked out, no hook runs, and an existing branch is never moved. A branch that cannot be written is an answer
 * with the reason, not a failure: the build is complete without the branch.
 */
import { stat } from 'node:fs/promises';
import type { Delivery, DeliveryOrder, TreeAt } from '../../ports/workspace';
import { Failure } from '../../domain/failures';
import { accessEnv } from './access';
import type { GitAccess } from './access';
import { withRetries, showPlace, unreadable } from './explain-fetch';
import { GitError } from './git';
import { pushRef, readRemote } from './remote';
import type { Remote } from './remote';
import type { ProjectGit } from './repository';
import { isRemoteUrl } from './source';
import { refuseLeadingOut } from './stays-inside';

const BRANCH_FORM = /^(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)|\/$|\.$|\/\.))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/;

export async function deliverBranch(
  git: ProjectGit,
  at: TreeAt,
  { order, access, roots }: { order: DeliveryOrder; access: GitAccess; roots?: string[] | undefined },
): Promise<Delivery> {
  const { repository, branch } = order;
  if (!BRANCH_FORM.test(branch)) return notWritten(`${JSON.stringify(branch)} is not a valid branch name`);
  const { path, url } = repository;
  if (path === undefined && url === undefined) return notWritten('the request names no repository');
  try {
    if (path === undefined) return await writeBranch(git, at, { branch, remote: await remoteOfUrl(url ?? '', access) });
    await refuseLeadingOut(git.elsewhere, path, roots);
    const delivery = await writeBranch(git, at, { branch, remote: await remoteOfPath(git, path), shownPlace: path });
    if (delivery.kind !== 'written' || !order.push) return delivery;
    return await pushToOrigin(git, at, { path, branch, access });
  } catch (error) {
    if (error instanceof Failure) return notWritten(error.message);
    if (error instanceof GitError) return notWritten(`git could not write it: ${wordsOf(error)}`);
    throw error;
  }
}

async function remoteOfUrl(url: string, access: GitAccess): Promise<Remote> {
  return { place: url, protocols: 'https:ssh', env: await accessEnv(access, 'https:ssh') };
}

/**
 * Finds the git folder of a local repository, also from a folder below its root. If this process runs as root, git writes as
 * the repository's owner, who could not add to folders that root owns.
 */
async function remoteOfPath(git: ProjectGit, path: string): Promise<Remote> {
  const args = ['-C', path, 'rev-parse', '--path-format=absolute', '--git-common-dir'];
  const answer = await git.elsewhere(args, { allowExit: [128] });
  const place = answer.stdout.toString('utf8').trim();
  if (place === '') throw unreadable(`${showPlace(path)} is no git repository here any more`, 'Put it back');
  const { uid, gid } = await stat(place);
  const ownerId = process.getuid?.() === 0 && uid !== 0 ? { uid, gid } : undefined;
  return { place, protocols: 'file', env: await accessEnv({}, 'file'), ownerId };
}

interface Target {
  branch: string;
  remote: Remote;
  /** The repository as the request names it, for messages. */
  shownPlace?: string;
}

async function writeBranch(
  git: ProjectGit,
  at: TreeAt,
  { branch, remote, shownPlace = remote.place }: Target,
): Promise<Delivery> {
  const { commit } = at;
  const ref = `refs/heads/${branch}`;
  const existingCommit = await withRetries(remote.place, () => readRemote(git, remote, ref));
  if (existingCommit !== null && existingCommit !== commit) {
    return notWritten(
      `${showPlace(shownPlace)} has a branch ${branch} already, at ${existingCommit.slice(0, 12)}, and an existing branch is never moved; the result is commit ${commit}`,
    );
  }
  await withRetries(
    remote.place,
    () => pushRef(git, remote, { ref, to: commit, expected: existingCommit }),
    'written to',
  );
  return { kind: 'written', branch, commit, place: shownPlace };
}

/** Writes the branch also to the repository from which this one was cloned, if it has such an origin. */
async function pushToOrigin(
  git: ProjectGit,
  at: TreeAt,
  { path, branch, access }: { path: string; branch: string; access: GitAccess },
): Promise<Delivery> {
  const answer = await git.elsewhere(['-C', path, 'config', '--get', 'remote.origin.url'], { allowExit: [1, 128] });
  const url = answer.stdout.toString('utf8').trim();
  // An origin on this machine is not written: the request did not name it, so it was not checked.
  if (!isRemoteUrl(url)) return { kind: 'written', branch, commit: at.commit, place: path };
  return writeBranch(git, at, { branch, remote: await remoteOfUrl(url, access) });
}

function notWritten(reason: string): Delivery {
  return { kind: 'not_written', reason: reason.slice(0, 600) };
}

/** Returns git's error lines, without passwords in addresses. */
function wordsOf({ stderr, message }: GitError): string {
  const lines = stderr.split('\n').filter((line) => /^(fatal|error|remote: (fatal|error)|ssh): | ! \[/.test(line));
  const text = lines.length === 0 ? message : lines.join('; ');
  return text.replaceAll(/(\w+:\/\/)[^/@\s]*@/g, '$1').replaceAll(/\p{Cc}/gu, ' ');
}
