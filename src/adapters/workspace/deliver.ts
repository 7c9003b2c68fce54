/**
 * The result of a build, written as a branch into the repository that it was given: one ref and the objects that it needs.
 *
 * Nothing is checked out, no hook runs, and a branch that is there already is never moved. What stands in the way is an
 * answer, not a failure: the build is complete without it.
 */
import { stat } from 'node:fs/promises';
import type { Delivery, DeliveryOrder, TreeAt } from '../../ports/workspace';
import { Failure } from '../../domain/failures';
import { accessEnv } from './access';
import type { GitAccess } from './access';
import { inAFewTries, showPlace, unreadable } from './explain-fetch';
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
  if (!BRANCH_FORM.test(branch)) return not(`${JSON.stringify(branch)} is no name of a branch`);
  const { path, url } = repository;
  if (path === undefined && url === undefined) return not('the build was given no repository');
  try {
    if (path === undefined) return await write(git, at, { branch, remote: await elsewhere(url ?? '', access) });
    await refuseLeadingOut(git.elsewhere, path, roots);
    const written = await write(git, at, { branch, remote: await local(git, path), shown: path });
    if (written.kind !== 'written' || !order.push) return written;
    return await pushOn(git, at, { path, branch, access });
  } catch (error) {
    if (error instanceof Failure) return not(error.message);
    if (error instanceof GitError) return not(`git could not write it: ${wordsOf(error)}`);
    throw error;
  }
}

async function elsewhere(url: string, access: GitAccess): Promise<Remote> {
  return { place: url, protocols: 'https:ssh', env: await accessEnv(access, 'https:ssh') };
}

/**
 * Also of a folder below a repository's root. Where this process is root, the objects it writes must not be: their owner could
 * not add to them.
 */
async function local(git: ProjectGit, path: string): Promise<Remote> {
  const args = ['-C', path, 'rev-parse', '--path-format=absolute', '--git-common-dir'];
  const asked = await git.elsewhere(args, { allowExit: [128] });
  const place = asked.stdout.toString('utf8').trim();
  if (place === '') throw unreadable(`${showPlace(path)} is no git repository here any more`, 'Put it back');
  const { uid, gid } = await stat(place);
  const ownerId = process.getuid?.() === 0 && uid !== 0 ? { uid, gid } : undefined;
  return { place, protocols: 'file', env: await accessEnv({}, 'file'), ownerId };
}

interface Target {
  branch: string;
  remote: Remote;
  /** Its place as the request has it. */
  shown?: string;
}

async function write(git: ProjectGit, at: TreeAt, { branch, remote, shown = remote.place }: Target): Promise<Delivery> {
  const { commit } = at;
  const ref = `refs/heads/${branch}`;
  const there = await inAFewTries(remote.place, () => readRemote(git, remote, ref));
  if (there !== null && there !== commit) {
    return not(
      `${showPlace(shown)} has a branch ${branch} already, at ${there.slice(0, 12)}, and an existing branch is never moved; the result is commit ${commit}`,
    );
  }
  await inAFewTries(remote.place, () => pushRef(git, remote, { ref, to: commit, expected: there }), 'written to');
  return { kind: 'written', branch, commit, place: shown };
}

/** On to where the repository itself was cloned from. */
async function pushOn(
  git: ProjectGit,
  at: TreeAt,
  { path, branch, access }: { path: string; branch: string; access: GitAccess },
): Promise<Delivery> {
  const asked = await git.elsewhere(['-C', path, 'config', '--get', 'remote.origin.url'], { allowExit: [1, 128] });
  const url = asked.stdout.toString('utf8').trim();
  // Also for a local remote: only the places that a request may name are written to.
  if (!isRemoteUrl(url)) return { kind: 'written', branch, commit: at.commit, place: path };
  return write(git, at, { branch, remote: await elsewhere(url, access) });
}

function not(reason: string): Delivery {
  return { kind: 'not_written', reason: reason.slice(0, 600) };
}

/** git's own line, without a password in an address. */
function wordsOf({ stderr, message }: GitError): string {
  const lines = stderr.split('\n').filter((line) => /^(fatal|error|remote: (fatal|error)|ssh): | ! \[/.test(line));
  const said = lines.length === 0 ? message : lines.join('; ');
  return said.replaceAll(/(\w+:\/\/)[^/@\s]*@/g, '$1').replaceAll(/\p{Cc}/gu, ' ');
}
