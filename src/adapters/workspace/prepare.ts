/**
 * The commit a build starts from: an empty one, or one fetched from the repository that was named.
 *
 * The base is kept as a ref, so a second try adopts it even where the other repository has moved on.
 */
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { RepoId, RepositorySource } from '../../ports/workspace';
import { Failure } from '../../domain/failures';
import { storageFailureOf } from '../../domain/storage-failure';
import { commitTree } from './commit';
import { withinBudget } from './disk-budget';
import { GitError } from './git';
import { baseRefOf, branchOf, moveRef, NO_COMMIT, readRef } from './repository';
import type { ProjectGit } from './repository';

/** `maxBytes`: what the project's repository may take on disk. */
export async function prepareBuild(
  git: ProjectGit,
  at: RepoId & { repository?: RepositorySource | undefined },
  maxBytes: number,
): Promise<{ commit: string }> {
  const baseRef = baseRefOf(at);
  let base = await readRef(git, baseRef);
  if (base === undefined) {
    const { repository } = at;
    const isGiven = repository?.path !== undefined || repository?.url !== undefined;
    const commit = isGiven ? await fetchBase(git, repository, maxBytes) : await emptyCommit(git);
    // Where a second prepare was faster its base counts.
    await moveRef(git, baseRef, { to: commit, expected: NO_COMMIT });
    base = (await readRef(git, baseRef)) ?? commit;
  }
  await moveRef(git, branchOf(at), { to: base, expected: NO_COMMIT });
  return { commit: base };
}

/** The same commit id in every project and at every time. */
async function emptyCommit(git: ProjectGit): Promise<string> {
  const { stdout } = await git(['mktree'], { stdin: '' });
  return commitTree(git, {
    tree: stdout.toString('utf8').trim(),
    parents: [],
    message: 'Empty start',
    date: '946684800 +0000',
  });
}

async function fetchBase(git: ProjectGit, source: RepositorySource, maxBytes: number): Promise<string> {
  const { place, protocols } = await checkPlace(source);
  const wanted = checkRefName(source.baseRef ?? 'HEAD', place);
  const incoming = `refs/incoming/${randomBytes(9).toString('hex')}`;
  const args = [
    '--no-tags',
    '--no-write-fetch-head',
    '--no-recurse-submodules',
    '--no-auto-maintenance',
    '--update-shallow',
  ];
  try {
    await withinBudget(git.folder, maxBytes, (signal) =>
      git(['fetch', '--quiet', ...args, '--end-of-options', place, `${wanted}:${incoming}`], {
        timeoutMs: 600_000,
        signal,
        env: { GIT_SSH_COMMAND: 'ssh -oBatchMode=yes', GIT_ALLOW_PROTOCOL: protocols },
      }),
    );
    const { stdout } = await git(['rev-parse', '--verify', '--quiet', `${incoming}^{commit}`]);
    return stdout.toString('utf8').trim();
  } catch (error) {
    throw explainFetch(error, place, wanted);
  } finally {
    await git(['update-ref', '-d', incoming]);
  }
}

async function checkPlace({ path, url }: RepositorySource): Promise<{ place: string; protocols: string }> {
  if (path !== undefined) {
    const isFolder =
      isAbsolute(path) &&
      !path.includes('\0') &&
      (await stat(path).then(
        (s) => s.isDirectory(),
        () => false,
      ));
    if (isFolder) return { place: path, protocols: 'file' };
    throw unreadable(`${JSON.stringify(path)} is not a folder here`, 'Give the absolute path of a git repository');
  }
  const isAllowed = url !== undefined && /^(https:\/\/|ssh:\/\/|git@)[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(url);
  if (isAllowed) return { place: url, protocols: 'https:ssh' };
  throw unreadable(
    `${JSON.stringify(url)} is not a repository URL`,
    'Give one that starts with https://, ssh:// or git@',
  );
}

function checkRefName(name: string, place: string): string {
  // A leading + would force, a colon would name a second ref, the rest is what git forbids in refs.
  if (/^[^-+/\s\p{Cc}~^:?*[\\][^\s\p{Cc}~^:?*[\\]{0,250}$/u.test(name) && !name.includes('..')) return name;
  throw unreadable(
    `${JSON.stringify(name)} is not a ref of ${showPlace(place)}`,
    'Give a branch, a tag or a whole commit id as base_ref',
  );
}

function explainFetch(error: unknown, place: string, wanted: string): unknown {
  if (!(error instanceof GitError) || error.exitCode === null) return error;
  const ours = storageFailureOf(error);
  if (ours !== undefined) return ours;
  // A network that is away for a moment is not the repository's fault: a plain error is tried again.
  if (
    /Could not resolve host|Connection (timed out|refused|reset)|Operation timed out|HTTP 5\d\d|error: 5\d\d/.test(
      error.stderr,
    )
  ) {
    return error;
  }
  if (
    /couldn't find remote ref|not our ref|no such ref|invalid refspec|Not a valid object name|Needed a single/i.test(
      error.message,
    )
  ) {
    return unreadable(
      `${showPlace(place)} has no commit at ${JSON.stringify(wanted)}`,
      'Give an existing branch, tag or whole commit id as base_ref, or make a first commit there',
    );
  }
  return unreadable(
    `${showPlace(place)} could not be read as a git repository`,
    'Check that it exists and may be read from here',
  );
}

/** The place without a password that stands in it. */
function showPlace(place: string): string {
  return JSON.stringify(place.replace(/^(\w+:\/\/)[^/@]*@/, '$1'));
}

function unreadable(what: string, wayOut: string): Failure {
  return new Failure('Workspace.RepositoryUnreadable', `${what}. ${wayOut}.`);
}
