/**
 * What git clients see of a project, and what they have pushed. Neither is the build's own branch, which only attempts move.
 *
 * Clients work in two git namespaces: they read from `shown` and push into `pushed`. A ref per generation keeps the commit that
 * a build's pushed branch began at, so what differs from it was pushed, and what was pushed before a rollback no longer counts.
 */
import type { AwaitedPush } from '../../ports/git-server';
import type { RepoId, TreeAt } from '../../ports/workspace';
import { pathFromBytes } from '../../inspect/path-bytes';
import { linkStaysInside, pathProblem } from '../../inspect/paths';
import { readBlobs } from './blobs';
import { descends } from './commit';
import { branchOf, checkCommit, moveRef, NO_COMMIT, readRef } from './repository';
import type { ProjectGit } from './repository';
import { GitError } from './git';
import { readTree, refusePath } from './tree';

export const SHOWN = 'shown';
export const PUSHED = 'pushed';
/** Of builds, as clients name them. */
export const BRANCHES = 'refs/heads/builds/';

export async function pushedOnto(
  git: ProjectGit,
  at: TreeAt,
  generation: number,
): Promise<{ commit: string } | undefined> {
  const began = await readRef(git, beganRefOf(at, generation));
  const tip = await readRef(git, viewOf(PUSHED, at.buildId));
  if (began === undefined || tip === undefined || tip === began || tip === at.commit) return undefined;
  // Else it came after the work was handed over: it stays where it is until the Code Writer is awaited again.
  if (!(await descends(git, at.commit, tip))) return undefined;
  await checkChange(git, at.commit, tip);
  return { commit: tip };
}

/** The branches of all builds as they stand; of those that wait for a push, what was pushed last. */
export async function refreshViews(git: ProjectGit, awaited: AwaitedPush[]): Promise<void> {
  for (const build of awaited) await openForPush(git, build);
  const branches = new Map<string, string>();
  for (const [ref, commit] of await listRefs(git, BRANCHES)) {
    const [buildId = ''] = ref.slice(BRANCHES.length).split('.');
    branches.set(buildId, commit);
  }
  for (const { buildId } of awaited) {
    const tip = await readRef(git, viewOf(PUSHED, buildId));
    if (tip !== undefined) branches.set(buildId, tip);
  }
  const shown = new Map(await listRefs(git, viewOf(SHOWN, '')));
  const moves = [...branches]
    .map(([buildId, commit]) => [viewOf(SHOWN, buildId), commit] as const)
    .filter(([ref, commit]) => shown.get(ref) !== commit);
  if (moves.length === 0) return;
  await git(['update-ref', '--stdin'], { stdin: moves.map(([ref, commit]) => `update ${ref} ${commit}\n`).join('') });
}

/** Keeps what was pushed on top of the build's branch; anything else gives way to the branch, and is parked where it is nowhere else. */
async function openForPush(git: ProjectGit, build: AwaitedPush): Promise<void> {
  const branch = await readRef(git, branchOf(build));
  if (branch === undefined) return;
  const [viewRef, beganRef] = [viewOf(PUSHED, build.buildId), beganRefOf(build, build.generation)];
  const [view, began] = [await readRef(git, viewRef), await readRef(git, beganRef)];
  if (view !== undefined && began !== undefined) {
    if (view === branch && began === branch) return;
    if (view !== began && (await descends(git, branch, view))) return;
  }
  if (view !== undefined && !(await descends(git, view, branch))) {
    await moveRef(git, `refs/parked/${lineOf(build)}/pushed-${view.slice(0, 12)}`, { to: view, expected: NO_COMMIT });
  }
  const lines = [
    `update ${viewRef} ${branch} ${view ?? NO_COMMIT}`,
    `update ${beganRef} ${branch} ${began ?? NO_COMMIT}`,
  ];
  try {
    await git(['update-ref', '--stdin'], { stdin: `${lines.join('\n')}\n` });
  } catch (error) {
    // Another request did the same in this moment, or a push came; the next request looks again.
    if (!(error instanceof GitError) || (await readRef(git, viewRef)) === view) throw error;
  }
}

/** The rules for paths that a model gives, for each path that the push leaves changed. */
async function checkChange(git: ProjectGit, from: string, to: string): Promise<void> {
  const [before, after] = [await readTree(git, from), await readTree(git, to)];
  const old = new Map(before.map((entry) => [entry.path, entry]));
  const changed = after.filter(({ path, oid, mode }) => old.get(path)?.oid !== oid || old.get(path)?.mode !== mode);
  for (const { path, mode } of changed) {
    const problem = pathProblem(path) ?? (mode === '160000' ? 'submodules are not supported' : undefined);
    if (problem !== undefined) throw refusePath(path, problem);
  }
  const links = after.filter(({ mode }) => mode === '120000');
  const targets = await readBlobs(git, links);
  const leads = new Map(links.map(({ path }, index) => [path, pathFromBytes(targets[index] ?? Buffer.alloc(0))]));
  for (const { path } of changed) {
    const target = leads.get(path);
    if (target !== undefined && !linkStaysInside(path, target, (other) => leads.get(other)))
      throw refusePath(path, 'it is a symbolic link that leads out of the repository');
  }
}

async function listRefs(git: ProjectGit, prefix: string): Promise<Array<[string, string]>> {
  const args = ['for-each-ref', '--sort=committerdate', '--format=%(objectname) %(refname)', prefix];
  const { stdout } = await git(args);
  const lines = stdout.toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => [line.slice(41), checkCommit(line.slice(0, 40))]);
}

export function viewOf(namespace: string, buildId: string): string {
  return `refs/namespaces/${namespace}/${BRANCHES}${buildId}`;
}

function beganRefOf(at: RepoId, generation: number): string {
  return `refs/pushes/${lineOf(at)}/g${generation}`;
}

/** The name of the build's own branch, without what is before it. */
function lineOf(at: RepoId): string {
  return branchOf(at).slice(BRANCHES.length);
}
