/**
 * Moves a build's branch: forward by one marked commit, or back to an earlier one.
 *
 * Every move names the commit that it expects the branch to have, so an attempt whose turn is over can never publish.
 */
import type { TreeAt } from '../../ports/workspace';
import { Failure } from '../../domain/failures';
import { workflowIdOf } from '../../domain/ids';
import { trailerOf } from '../../domain/trailer';
import type { WorkMark } from '../../domain/trailer';
import { changedPaths, cleanMessage, commitTree, findCommitWithTrailer, parentOf, treeOf, turnOf } from './commit';
import {
  abandonedRefOf,
  baseRefOf,
  branchOf,
  checkCommit,
  moveRef,
  NO_COMMIT,
  parkedRefOf,
  readRef,
} from './repository';
import type { ProjectGit } from './repository';

type Publication = { commit: string; changed: string[] };

export async function publishWork(
  git: ProjectGit,
  at: TreeAt,
  input: { draftCommit: string; message: string; mark: WorkMark; pushed?: string | undefined },
): Promise<Publication> {
  const trailer = trailerOf(at, input.mark);
  const adopted = await adopt(git, at, trailer);
  if (adopted !== undefined) return adopted;
  await refuseParked(git, at, input.mark.generation);
  const tip = await movableTip(git, at, input.mark);
  // The same attempt may run twice, and the other run may have published since `adopt` looked.
  if (tip === undefined) return adoptOrThrow(git, at, { trailer, how: 'has moved on' });
  const tree = await treeOf(git, input.draftCommit);
  if (tree === (await treeOf(git, at.commit))) return { commit: at.commit, changed: [] };
  const message = `${cleanMessage(input.message)}\n\n${trailer}\n`;
  // First parents are the commits of the build; the pushed commit is the second parent, with its whole history.
  const parents = [at.commit, ...(input.pushed === undefined ? [] : [input.pushed])];
  const commit = await commitTree(git, { tree, parents, message });
  if (await moveRef(git, branchOf(at), { to: commit, expected: tip })) {
    return { commit, changed: await changedPaths(git, at.commit, commit) };
  }
  return adoptOrThrow(git, at, { trailer, how: 'was moved by another attempt in the same moment' });
}

/**
 * Returns the commit that the branch must have if this attempt may move it; undefined if it may not. That is its own starting
 * commit, or a commit that an abandoned attempt of an earlier turn published; the latter gets its own ref, so that it is not lost.
 */
async function movableTip(git: ProjectGit, at: TreeAt, mark: WorkMark): Promise<string | undefined> {
  const tip = await readRef(git, branchOf(at));
  if (tip === undefined || tip === checkCommit(at.commit)) return at.commit;
  const turn = await turnOf(git, at, tip);
  if (turn === undefined || turn >= mark.turn) return undefined;
  await moveRef(git, abandonedRefOf(at, turn), { to: tip, expected: NO_COMMIT });
  return tip;
}

/**
 * Moves the branch back to the commit. Safe to repeat at every step: before the branch moves, a ref keeps the old commits (it
 * parks them), and no commit is deleted.
 */
export async function restoreBranch(git: ProjectGit, at: TreeAt, generation: number): Promise<void> {
  await git(['cat-file', '-e', `${checkCommit(at.commit)}^{commit}`]);
  const tip = (await readRef(git, branchOf(at))) ?? at.commit;
  await park(git, at, { generation, tip });
  if (tip === at.commit) return;
  if (!(await moveRef(git, branchOf(at), { to: at.commit, expected: tip })))
    throw overtaken(at, 'moved while it was restored');
}

async function park(
  git: ProjectGit,
  at: TreeAt,
  { generation, tip }: { generation: number; tip: string },
): Promise<void> {
  const ref = parkedRefOf(at, generation);
  const parked = await readRef(git, ref);
  if (parked === tip || (parked !== undefined && tip === at.commit)) return;
  // If this generation already has a parked commit, the new tip gets a second ref, so neither commit is lost.
  const freeRef = parked === undefined ? ref : `${ref}-${tip.slice(0, 12)}`;
  await moveRef(git, freeRef, { to: tip, expected: NO_COMMIT });
}

async function adopt(git: ProjectGit, at: TreeAt, trailer: string): Promise<Publication | undefined> {
  const [base, tip] = [await readRef(git, baseRefOf(at)), await readRef(git, branchOf(at))];
  if (base === undefined || tip === undefined) throw overtaken(at, 'does not exist; prepare comes first');
  const commit = await findCommitWithTrailer(git, { base, tip }, trailer);
  return commit === undefined
    ? undefined
    : { commit, changed: await changedPaths(git, await parentOf(git, commit), commit) };
}

/** Returns what the other run of this attempt published. Throws Failure `Workspace.Overtaken` if it published nothing. */
async function adoptOrThrow(
  git: ProjectGit,
  at: TreeAt,
  other: { trailer: string; how: string },
): Promise<Publication> {
  const adopted = await adopt(git, at, other.trailer);
  if (adopted === undefined) throw overtaken(at, other.how);
  return adopted;
}

/**
 * Refuses late attempts of a parked generation: they must not add commits to the generation after it, even if both generations
 * start at the same commit.
 */
async function refuseParked(git: ProjectGit, at: TreeAt, generation: number): Promise<void> {
  const prefix = parkedRefOf(at, 0).slice(0, -1);
  const { stdout } = await git(['for-each-ref', '--format=%(refname)', prefix.slice(0, prefix.lastIndexOf('/') + 1)]);
  const parkedGenerations = stdout
    .toString('utf8')
    .split('\n')
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number.parseInt(name.slice(prefix.length), 10));
  if (parkedGenerations.some((number) => number >= generation))
    throw overtaken(at, `has left generation ${generation}, which is parked`);
}

function overtaken(at: TreeAt, how: string): Failure {
  return new Failure('Workspace.Overtaken', `The branch of build ${workflowIdOf(at)} ${how}. This attempt is void.`);
}
