/**
 * Maintains the branches that git clients read and push. Only attempts move the build's own branch.
 *
 * Clients work in two git namespaces: they read from `shown` and push into `pushed`. A ref per generation (`started`) stores the
 * commit at which the pushed branch started. Commits after it were pushed; pushes from before a rollback no longer count.
 */
import type { AwaitedPush } from '../../ports/git-server';
import type { RepoId, TreeAt } from '../../ports/workspace';
import { pathFromBytes } from '../../inspect/path-bytes';
import { linkStaysInside, pathProblem } from '../../inspect/paths';
import { readBlobs } from './blobs';
import { isDescendant } from './commit';
import { branchOf, checkCommit, moveRef, NO_COMMIT, readRef } from './repository';
import type { ProjectGit } from './repository';
import { GitError } from './git';
import { readTree, refusePath } from './tree';

export const SHOWN = 'shown';
export const PUSHED = 'pushed';
/** The prefix of builds' branches, as clients name them. */
export const BRANCHES = 'refs/heads/builds/';

export async function pushedOnto(
  git: ProjectGit,
  at: TreeAt,
  generation: number,
): Promise<{ commit: string } | undefined> {
  const started = await readRef(git, startRefOf(at, generation));
  const tip = await readRef(git, viewOf(PUSHED, at.buildId));
  if (started === undefined || tip === undefined || tip === started || tip === at.commit) return undefined;
  // Otherwise the push came after the phase ended: it stays in its branch until the build waits for the Code Writer again.
  if (!(await isDescendant(git, at.commit, tip))) return undefined;
  await checkChange(git, at.commit, tip);
  return { commit: tip };
}

/** Shows clients the branches of all builds; for builds that wait for a push, the branch with the latest push. */
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
  const shownCommits = new Map(await listRefs(git, viewOf(SHOWN, '')));
  const moves = [...branches]
    .map(([buildId, commit]) => [viewOf(SHOWN, buildId), commit] as const)
    .filter(([ref, commit]) => shownCommits.get(ref) !== commit);
  if (moves.length === 0) return;
  await git(['update-ref', '--stdin'], { stdin: moves.map(([ref, commit]) => `update ${ref} ${commit}\n`).join('') });
}

/**
 * Prepares a build's `pushed` branch. A push on top of the build's branch stays; otherwise the `pushed` branch is set to the
 * build's branch, and commits that no other ref holds get a parked ref.
 */
async function openForPush(git: ProjectGit, build: AwaitedPush): Promise<void> {
  const branch = await readRef(git, branchOf(build));
  if (branch === undefined) return;
  const [viewRef, startRef] = [viewOf(PUSHED, build.buildId), startRefOf(build, build.generation)];
  const [view, started] = [await readRef(git, viewRef), await readRef(git, startRef)];
  if (view !== undefined && started !== undefined) {
    if (view === branch && started === branch) return;
    if (view !== started && (await isDescendant(git, branch, view))) return;
  }
  if (view !== undefined && !(await isDescendant(git, view, branch))) {
    await moveRef(git, `refs/parked/${buildKeyOf(build)}/pushed-${view.slice(0, 12)}`, {
      to: view,
      expected: NO_COMMIT,
    });
  }
  const lines = [
    `update ${viewRef} ${branch} ${view ?? NO_COMMIT}`,
    `update ${startRef} ${branch} ${started ?? NO_COMMIT}`,
  ];
  try {
    await git(['update-ref', '--stdin'], { stdin: `${lines.join('\n')}\n` });
  } catch (error) {
    // Another request or a push moved the ref in this moment; the next request tries again.
    if (!(error instanceof GitError) || (await readRef(git, viewRef)) === view) throw error;
  }
}

/** Applies the rules for a model's paths to each path that the push changes. */
async function checkChange(git: ProjectGit, from: string, to: string): Promise<void> {
  const [before, after] = [await readTree(git, from), await readTree(git, to)];
  const oldEntries = new Map(before.map((entry) => [entry.path, entry]));
  const changedEntries = after.filter(
    ({ path, oid, mode }) => oldEntries.get(path)?.oid !== oid || oldEntries.get(path)?.mode !== mode,
  );
  for (const { path, mode } of changedEntries) {
    const problem = pathProblem(path) ?? (mode === '160000' ? 'submodules are not supported' : undefined);
    if (problem !== undefined) throw refusePath(path, problem);
  }
  const links = after.filter(({ mode }) => mode === '120000');
  const targets = await readBlobs(git, links);
  const targetOf = new Map(links.map(({ path }, index) => [path, pathFromBytes(targets[index] ?? Buffer.alloc(0))]));
  for (const { path } of changedEntries) {
    const target = targetOf.get(path);
    if (target !== undefined && !linkStaysInside(path, target, (other) => targetOf.get(other)))
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

function startRefOf(at: RepoId, generation: number): string {
  return `refs/pushes/${buildKeyOf(at)}/g${generation}`;
}

/** Returns the name of the build's own branch without its prefix. */
function buildKeyOf(at: RepoId): string {
  return branchOf(at).slice(BRANCHES.length);
}
