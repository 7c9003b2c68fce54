/**
 * Makes the commit from which a build starts: an empty one, or one fetched from the repository that the request names.
 *
 * The base is stored as a ref, so that a second try adopts it even if the other repository has new commits. A second ref stores
 * the facts about that repository at the time.
 */
import { randomBytes } from 'node:crypto';
import type { RepoId, RepositorySource } from '../../ports/workspace';
import type { SourceFacts } from '../../ports/repository-facts';
import { commitTree } from './commit';
import { withRetries, showPlace, unreadable } from './explain-fetch';
import { fetchInto, isCutOff, isNoSuchRef, isPartial } from './fetch';
import type { FetchOptions } from './fetch';
import { keepLfsObjects } from './lfs-objects';
import { baseRefOf, branchOf, moveRef, NO_COMMIT, readRef, sourceRefOf } from './repository';
import type { ProjectGit } from './repository';
import { lookAtSource } from './source';
import type { Source } from './source';
import { fetchSubmodules } from './submodules';
import { readTree } from './tree';

const MAX_NAMED_BRANCHES = 10;

export async function prepareBuild(
  git: ProjectGit,
  at: RepoId & { repository?: RepositorySource | undefined; isLook?: boolean },
  options: FetchOptions,
): Promise<{ commit: string }> {
  const baseRef = baseRefOf(at);
  let base = await readRef(git, baseRef);
  if (base === undefined) {
    const { repository } = at;
    const hasRepository = repository?.path !== undefined || repository?.url !== undefined;
    const commit = hasRepository ? await importBase(git, { ...at, repository }, options) : await emptyCommit(git);
    // If another call stored its base first, that base counts.
    await moveRef(git, baseRef, { to: commit, expected: NO_COMMIT });
    base = (await readRef(git, baseRef)) ?? commit;
  }
  if (at.isLook !== true) await moveRef(git, branchOf(at), { to: base, expected: NO_COMMIT });
  return { commit: base };
}

export async function forgetLook(git: ProjectGit, at: RepoId): Promise<void> {
  await git(['update-ref', '--stdin'], { stdin: `delete ${baseRefOf(at)}\ndelete ${sourceRefOf(at)}\n` });
}

/** Makes an empty commit; its date is fixed, so that its id is the same in every project. */
async function emptyCommit(git: ProjectGit): Promise<string> {
  const { stdout } = await git(['mktree'], { stdin: '' });
  return commitTree(git, {
    tree: stdout.toString('utf8').trim(),
    parents: [],
    message: 'Empty start',
    date: '946684800 +0000',
  });
}

async function importBase(
  git: ProjectGit,
  at: RepoId & { repository: RepositorySource },
  options: FetchOptions,
): Promise<string> {
  const source = await lookAtSource(git.elsewhere, at.repository, options);
  const { commit, isShallow } = await fetchBase(git, { source, refName: at.repository.baseRef ?? 'HEAD' }, options);
  await refuseWithoutFolder(git, commit, source);
  await fetchSubmodules(git, { commit, source }, options);
  await keepLfsObjects(git, { commit, source }, options);
  const { workdir, uncommitted, branch } = source;
  await keepSourceFacts(git, at, { workdir, uncommitted, branch, isShallow });
  return commit;
}

async function fetchBase(
  git: ProjectGit,
  { source, refName }: { source: Source; refName: string },
  options: FetchOptions,
): Promise<{ commit: string; isShallow: boolean }> {
  const { place } = source;
  const ref = checkRefName(refName, place);
  const incoming = `refs/incoming/${randomBytes(9).toString('hex')}`;
  const fetch = (depth: string[]) => fetchInto(git, { source, from: ref, to: incoming, depth }, options);
  try {
    try {
      await fetch([]);
    } catch (error) {
      // A partial clone that was checked out has the objects of that commit, but perhaps not those of its history.
      if (!isPartial(error)) throw error;
      await withRetries(place, () => fetch(['--depth=1']));
    }
    const { stdout } = await git(['rev-parse', '--verify', '--quiet', `${incoming}^{commit}`]);
    const commit = stdout.toString('utf8').trim();
    return { commit, isShallow: await isCutOff(git, commit) };
  } catch (error) {
    throw isNoSuchRef(error) ? noCommitAt(source, refName) : error;
  } finally {
    await git(['update-ref', '-d', incoming]);
  }
}

function noCommitAt({ place, branches }: Source, refName: string): Error {
  const names = branches.slice(0, MAX_NAMED_BRANCHES).join(', ');
  const more = branches.length > MAX_NAMED_BRANCHES ? ` and ${branches.length - MAX_NAMED_BRANCHES} more` : '';
  const branchList = names === '' ? '' : `; its branches are ${names}${more}`;
  const wayOut = 'Give an existing branch, tag or whole commit id as base_ref, or make a first commit there';
  return unreadable(`${showPlace(place)} has no commit at ${JSON.stringify(refName)}${branchList}`, wayOut);
}

function checkRefName(name: string, place: string): string {
  // A leading + would force, a colon would name a second ref, the rest is what git forbids in refs.
  if (/^[^-+/\s\p{Cc}~^:?*[\\][^\s\p{Cc}~^:?*[\\]{0,250}$/u.test(name) && !name.includes('..')) return name;
  throw unreadable(
    `${JSON.stringify(name)} is not a ref of ${showPlace(place)}`,
    'Give a branch, a tag or a whole commit id as base_ref',
  );
}

/** Refuses a request for a sub-folder that is not in the commit. */
async function refuseWithoutFolder(git: ProjectGit, commit: string, { place, workdir }: Source): Promise<void> {
  if (workdir === '') return;
  const { stdout } = await git(['ls-tree', '-d', '--full-tree', commit, '--', workdir]);
  if (stdout.length > 0 || (await readTree(git, commit)).some(({ path }) => path.startsWith(`${workdir}/`))) return;
  throw unreadable(
    `${showPlace(place)} has no folder ${JSON.stringify(workdir)} in its commit`,
    'Commit that folder, or give the folder of the repository itself',
  );
}

async function keepSourceFacts(git: ProjectGit, at: RepoId, facts: SourceFacts): Promise<void> {
  const { stdout } = await git(['hash-object', '-w', '--no-filters', '--stdin'], { stdin: JSON.stringify(facts) });
  await moveRef(git, sourceRefOf(at), { to: stdout.toString('utf8').trim(), expected: NO_COMMIT });
}

const NO_FACTS: SourceFacts = { workdir: '', uncommitted: null, branch: null, isShallow: false };

/** Reads the facts about the source repository; `NO_FACTS` for builds without a repository and for builds from older versions. */
export async function readSourceFacts(git: ProjectGit, at: RepoId): Promise<SourceFacts> {
  const ref = await readRef(git, sourceRefOf(at));
  if (ref === undefined) return NO_FACTS;
  const { stdout } = await git(['cat-file', 'blob', ref]);
  return { ...NO_FACTS, ...(JSON.parse(stdout.toString('utf8')) as Partial<SourceFacts>) };
}
