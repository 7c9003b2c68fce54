/**
 * Moves a build's branch: forward by one marked commit, or back to an earlier one.
 *
 * Every move names what it expects to find. An attempt that has been overtaken cannot publish, however late it wakes up.
 */
import type { TreeAt } from '../../ports/workspace';
import { Failure } from '../../domain/failures';
import { workflowIdOf } from '../../domain/ids';
import { trailerOf } from '../../domain/trailer';
import type { WorkMark } from '../../domain/trailer';
import { changedPaths, cleanMessage, commitTree, findMarked, parentOf, treeOf, turnOf } from './commit';
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

type Published = { commit: string; changed: string[] };

export async function publishWork(
  git: ProjectGit,
  at: TreeAt,
  input: { tree: string; message: string; mark: WorkMark; pushed?: string | undefined },
): Promise<Published> {
  const trailer = trailerOf(at, input.mark);
  const adopted = await adopt(git, at, trailer);
  if (adopted !== undefined) return adopted;
  await refuseParked(git, at, input.mark.generation);
  const tip = await clearTip(git, at, input.mark);
  // Between the look above and this one the same attempt, running twice, may have published.
  if (tip === undefined) return adoptRival(git, at, { trailer, how: 'has moved on' });
  const tree = await treeOf(git, input.tree);
  if (tree === (await treeOf(git, at.commit))) return { commit: at.commit, changed: [] };
  const message = `${cleanMessage(input.message)}\n\n${trailer}\n`;
  // The build's own line stays that of the first parents; what was pushed is beside it, whole.
  const parents = [at.commit, ...(input.pushed === undefined ? [] : [input.pushed])];
  const commit = await commitTree(git, { tree, parents, message });
  if (await moveRef(git, branchOf(at), { to: commit, expected: tip })) {
    return { commit, changed: await changedPaths(git, at.commit, commit) };
  }
  return adoptRival(git, at, { trailer, how: 'was moved by another attempt in the same moment' });
}

/**
 * Where the branch stands, if this attempt may move it: at its own starting commit, or at what an attempt of an earlier
 * turn left there before it was abandoned. That work is parked, not lost. Undefined where it may not.
 */
async function clearTip(git: ProjectGit, at: TreeAt, mark: WorkMark): Promise<string | undefined> {
  const tip = await readRef(git, branchOf(at));
  if (tip === undefined || tip === checkCommit(at.commit)) return at.commit;
  const turn = await turnOf(git, at, tip);
  if (turn === undefined || turn >= mark.turn) return undefined;
  await moveRef(git, abandonedRefOf(at, turn), { to: tip, expected: NO_COMMIT });
  return tip;
}

/** Safe to repeat at every step: the line is parked before the branch moves, and nothing is ever deleted. */
export async function restoreBranch(git: ProjectGit, at: TreeAt, generation: number): Promise<void> {
  await git(['cat-file', '-e', `${checkCommit(at.commit)}^{commit}`]);
  const tip = (await readRef(git, branchOf(at))) ?? at.commit;
  await park(git, at, { generation, tip });
  if (tip === at.commit) return;
  if (!(await moveRef(git, branchOf(at), { to: at.commit, expected: tip })))
    throw overtaken(at, 'moved while it was restored');
}

async function park(git: ProjectGit, at: TreeAt, line: { generation: number; tip: string }): Promise<void> {
  const { generation, tip } = line;
  const ref = parkedRefOf(at, generation);
  const parked = await readRef(git, ref);
  if (parked === tip || (parked !== undefined && tip === at.commit)) return;
  // A generation that was parked before, and then worked in again, keeps both of its lines.
  const free = parked === undefined ? ref : `${ref}-${tip.slice(0, 12)}`;
  await moveRef(git, free, { to: tip, expected: NO_COMMIT });
}

async function adopt(git: ProjectGit, at: TreeAt, trailer: string): Promise<Published | undefined> {
  const [base, tip] = [await readRef(git, baseRefOf(at)), await readRef(git, branchOf(at))];
  if (base === undefined || tip === undefined) throw overtaken(at, 'does not exist; prepare comes first');
  const commit = await findMarked(git, { base, tip }, trailer);
  return commit === undefined
    ? undefined
    : { commit, changed: await changedPaths(git, await parentOf(git, commit), commit) };
}

/** Throws Failure `Workspace.Overtaken` where there is none; `how` the branch was moved. */
async function adoptRival(git: ProjectGit, at: TreeAt, rival: { trailer: string; how: string }): Promise<Published> {
  const adopted = await adopt(git, at, rival.trailer);
  if (adopted === undefined) throw overtaken(at, rival.how);
  return adopted;
}

/** A parked generation is over: its late attempts must not land on the line that came after it, even from the same commit. */
async function refuseParked(git: ProjectGit, at: TreeAt, generation: number): Promise<void> {
  const prefix = parkedRefOf(at, 0).slice(0, -1);
  const { stdout } = await git(['for-each-ref', '--format=%(refname)', prefix.slice(0, prefix.lastIndexOf('/') + 1)]);
  const parked = stdout
    .toString('utf8')
    .split('\n')
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number.parseInt(name.slice(prefix.length), 10));
  if (parked.some((over) => over >= generation))
    throw overtaken(at, `has left generation ${generation}, which is parked`);
}

function overtaken(at: TreeAt, how: string): Failure {
  return new Failure('Workspace.Overtaken', `The branch of build ${workflowIdOf(at)} ${how}. This attempt is void.`);
}
