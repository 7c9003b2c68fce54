/**
 * Makes and reads the orchestrator's own commits: made without a work tree, each with a trailer that names its attempt.
 *
 * The trailer makes publishing safe to repeat: an attempt that finds its trailer adopts that commit and makes no second one.
 */
import type { RepoId } from '../../ports/workspace';
import type { PathChange } from '../../domain/evidence/tampering';
import { splitFields } from '../../inspect/path-bytes';
import { scanMessages } from '../../inspect/secrets/secrets';
import { markOf } from '../../domain/trailer';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';

const AUTHOR = { name: 'Q Orchestrator', email: 'q-orchestrator@localhost' };

export async function commitTree(
  git: ProjectGit,
  input: { tree: string; parents: string[]; message: string; date?: string },
): Promise<string> {
  const date = input.date ?? `${Math.floor(Date.now() / 1000)} +0000`;
  const parents = input.parents.flatMap((parent) => ['-p', checkCommit(parent)]);
  const { stdout } = await git(['commit-tree', checkCommit(input.tree), ...parents, '-F', '-'], {
    stdin: input.message,
    env: {
      GIT_AUTHOR_NAME: AUTHOR.name,
      GIT_AUTHOR_EMAIL: AUTHOR.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: AUTHOR.name,
      GIT_COMMITTER_EMAIL: AUTHOR.email,
      GIT_COMMITTER_DATE: date,
    },
  });
  return stdout.toString('utf8').trim();
}

export async function treeOf(git: ProjectGit, commit: string): Promise<string> {
  const { stdout } = await git(['rev-parse', '--verify', '--quiet', `${checkCommit(commit)}^{tree}`]);
  return stdout.toString('utf8').trim();
}

/** Lists the paths that differ between two commits. */
export async function changedPaths(git: ProjectGit, from: string, to: string): Promise<string[]> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-ext-diff'];
  const { stdout } = await git([...args, checkCommit(from), checkCommit(to)]);
  return splitFields(stdout).filter(Boolean);
}

/** Lists the commits after `from` up to `to`, oldest first, each with the paths that differ from its first parent. */
export async function listFirstParentCommits(
  git: ProjectGit,
  from: string,
  to: string,
): Promise<Array<{ commit: string; message: string; paths: string[] }>> {
  const range = `${checkCommit(from)}..${checkCommit(to)}`;
  const { stdout } = await git(['rev-list', '--reverse', '--first-parent', range]);
  const commits = stdout.toString('utf8').split('\n').filter(Boolean);
  return Promise.all(
    commits.map(async (commit) => {
      const message = await git(['log', '-1', '--format=%B', commit]);
      const paths = await changedPaths(git, await parentOf(git, commit), commit);
      return { commit, message: message.stdout.toString('utf8').trimEnd(), paths };
    }),
  );
}

/** Lists changed paths with the id of the content before and after; null if the path does not exist. */
export async function listChanges(git: ProjectGit, from: string, to: string): Promise<PathChange[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--no-ext-diff'];
  const { stdout } = await git([...args, checkCommit(from), checkCommit(to)]);
  const words = splitFields(stdout);
  const idOf = (oid: string | undefined): string | null => (oid === undefined || /^0+$/.test(oid) ? null : oid);
  // `:<mode> <mode> <oid> <oid> <status>` and the path, in turn.
  return words.flatMap((word, index) => {
    if (index % 2 === 1 || word === '') return [];
    const [, , before, after] = word.split(' ');
    return [{ path: words[index + 1] ?? '', before: idOf(before), after: idOf(after) }];
  });
}

/** Returns the messages of all commits after `from` up to `to`, along every parent. */
export async function allMessages(
  git: ProjectGit,
  from: string,
  to: string,
): Promise<Array<{ commit: string; message: string }>> {
  const { stdout } = await git(['log', '-z', '--format=%H%n%B', `${checkCommit(from)}..${checkCommit(to)}`]);
  const entries = stdout.toString('utf8').split('\0').filter(Boolean);
  return entries.map((entry) => ({ commit: entry.slice(0, 40), message: entry.slice(41).trimEnd() }));
}

/**
 * Replaces NUL, which would end the message for git, and an empty message, which git refuses. Lines with a
 * secret are removed here, because the Code Writer cannot change a commit after it is published.
 */
export function cleanMessage(message: string): string {
  const secretLines = new Set(scanMessages([{ commit: '', message }]).map(({ line }) => line - 1));
  const lines = message.split('\n').filter((_, index) => !secretLines.has(index));
  return lines.join('\n').replaceAll('\0', ' ').trim() || 'Work without a message';
}

/**
 * Finds the commit between `base` and `tip` whose message ends in the trailer. Only the end counts: a model may write the same
 * words before it. Only first parents are followed: pushed commits are second parents and may hold any trailer.
 */
export async function findCommitWithTrailer(
  git: ProjectGit,
  range: { base: string; tip: string },
  trailer: string,
): Promise<string | undefined> {
  const { stdout } = await git([
    'log',
    '-z',
    '--first-parent',
    '--format=%H%n%B',
    `${checkCommit(range.base)}..${checkCommit(range.tip)}`,
  ]);
  const entries = stdout.toString('utf8').split('\0');
  return entries.find((entry) => entry.trimEnd().endsWith(`\n\n${trailer}`))?.slice(0, 40);
}

/** Returns the turn in which this build made the commit; undefined for all other commits. Only a trailer at the end counts. */
export async function turnOf(git: ProjectGit, at: RepoId, commit: string): Promise<number | undefined> {
  const { stdout } = await git(['log', '-1', '--format=%B', checkCommit(commit)]);
  return markOf(at, stdout.toString('utf8'))?.turn;
}

export async function parentOf(git: ProjectGit, commit: string): Promise<string> {
  const { stdout } = await git(['rev-parse', '--verify', '--quiet', `${checkCommit(commit)}^1`]);
  return stdout.toString('utf8').trim();
}

/** True if `to` is `from` or a descendant of it. */
export async function isDescendant(git: ProjectGit, from: string, to: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', checkCommit(from), checkCommit(to)];
  return (await git(args, { allowExit: [1] })).exitCode === 0;
}
