/**
 * Fetches submodules into the project's repository together with the base, and adds their files to every checkout.
 *
 * If a submodule cannot be fetched, the preparation fails: a build without its files would fail later, after paid model calls.
 */
import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { Failure } from '../../domain/failures';
import { staysBelow } from '../../inspect/paths';
import { showPlace } from './explain-fetch';
import { fetchInto } from './fetch';
import type { FetchOptions } from './fetch';
import { keepLfsObjects } from './lfs-objects';
import { readRef } from './repository';
import type { ProjectGit } from './repository';
import { isRemoteUrl } from './source';
import type { Source } from './source';
import { isBelowRoots } from './stays-inside';
import { readTree } from './tree';
import type { TreeEntry } from './tree';

const DEPTH_LIMIT = 5;

export interface Submodule {
  path: string;
  commit: string;
  /** The address in `.gitmodules`; null if the path is not listed there. */
  url: string | null;
  name: string | null;
}
type Place = Pick<Source, 'place' | 'protocols' | 'gitFolder'>;

export async function listSubmodules(git: ProjectGit, commit: string): Promise<Submodule[]> {
  const entries = await readTree(git, commit);
  const links = entries.filter(({ mode }) => mode === '160000');
  if (links.length === 0) return [];
  const settings = await readModules(git, entries.find(({ path }) => path === '.gitmodules')?.oid);
  const listed = [...settings].map(([name, setting]) => ({ name, ...setting }));
  return links.map(({ path, oid }) => {
    const { name = null, url = null } = listed.find((submodule) => submodule.path === path) ?? {};
    return { path, commit: oid, url, name };
  });
}

/** Fetches the submodules of a commit, and theirs. Throws Failure `Environment.RepositoryUnfit`, which names the submodule. */
export async function fetchSubmodules(
  git: ProjectGit,
  { commit, source, depth = 1 }: { commit: string; source: Place; depth?: number },
  options: FetchOptions,
): Promise<void> {
  for (const submodule of await listSubmodules(git, commit)) {
    if (depth > DEPTH_LIMIT)
      throw missingSubmodule(submodule, `submodules are nested deeper than ${DEPTH_LIMIT} levels`);
    const from = await fetchOne(git, { submodule, source }, options);
    await keepLfsObjects(git, { commit: submodule.commit, source: from }, options);
    await fetchSubmodules(git, { commit: submodule.commit, source: from, depth: depth + 1 }, options);
  }
}

/** Lists the entries of the tree with the files of its submodules; a submodule that was not fetched is left out. */
export async function readWholeTree(git: ProjectGit, commit: string): Promise<TreeEntry[]> {
  const entries = await readTree(git, commit);
  if (!entries.some(({ mode }) => mode === '160000')) return entries;
  const parts = entries.map(async (entry) => {
    if (entry.mode !== '160000') return [entry];
    if ((await readRef(git, refOf(entry.oid))) === undefined) return [];
    const below = await readWholeTree(git, entry.oid);
    return below.map((file) => ({ ...file, path: `${entry.path}/${file.path}` }));
  });
  return (await Promise.all(parts)).flat();
}

const refOf = (commit: string): string => `refs/submodules/${commit}`;

/** Reads path and url of each submodule from `.gitmodules`, by the submodule's name. */
async function readModules(
  git: ProjectGit,
  blob: string | undefined,
): Promise<Map<string, { path?: string; url?: string }>> {
  const found = new Map<string, { path?: string; url?: string }>();
  if (blob === undefined) return found;
  const args = ['config', `--blob=${blob}`, '--null', '--get-regexp', '^submodule\\..*\\.(path|url)$'];
  const { stdout } = await git(args, { allowExit: [1, 128] });
  for (const row of stdout.toString('utf8').split('\0').filter(Boolean)) {
    const [, name, member, value] = /^submodule\.([^]*)\.(path|url)\n([^]*)$/.exec(row) ?? [];
    if (name !== undefined && member !== undefined) found.set(name, { ...found.get(name), [member]: value });
  }
  return found;
}

async function fetchOne(
  git: ProjectGit,
  { submodule, source }: { submodule: Submodule; source: Place },
  options: FetchOptions,
): Promise<Place> {
  const places = await placesOf(git, { submodule, source }, options);
  if ((await readRef(git, refOf(submodule.commit))) !== undefined) return places[0] ?? source;
  let why = `its url ${JSON.stringify(submodule.url)} is not https, ssh, or a path relative to its repository`;
  if (submodule.url === null) why = '.gitmodules does not name it';
  for (const place of places) {
    try {
      await fetchInto(git, { source: place, from: submodule.commit, to: refOf(submodule.commit) }, options);
      return place;
    } catch (error) {
      const reason = error instanceof Failure ? error.message : `it has no commit ${submodule.commit.slice(0, 12)}`;
      why = `${showPlace(place.place)}: ${reason}`;
    }
  }
  throw missingSubmodule(submodule, why);
}

/** Lists the places that may have the submodule: first a clone on this machine, then its address. */
async function placesOf(
  git: ProjectGit,
  { submodule, source }: { submodule: Submodule; source: Place },
  { roots }: FetchOptions,
): Promise<Place[]> {
  const places: Place[] = [];
  const { name, path, url } = submodule;
  if (source.gitFolder !== null && name !== null && staysBelow(name)) {
    const folder = join(source.gitFolder, 'modules', name);
    if (await isFolder(folder)) places.push({ place: folder, protocols: 'file', gitFolder: folder });
  }
  if (source.gitFolder !== null && (await isFolder(join(source.place, path, '.git')))) {
    const folder = join(source.place, path);
    places.push({ place: folder, protocols: 'file', gitFolder: join(folder, '.git') });
  }
  if (url === null) return places;
  const address = /^\.\.?\//.test(url) ? resolveRelative(await originOf(git, source), url) : url;
  if (isRemoteUrl(address)) {
    places.push({ place: address, protocols: 'https:ssh', gitFolder: null });
  } else if (source.protocols === 'file' && isAbsolute(address)) {
    const realFolder = await realpath(address).catch(() => null);
    // A root may contain the repositories of all projects: a submodule must not be another project's repository.
    const isOfProject = realFolder !== null && (await isBelowRoots(realFolder, [dirname(git.folder)]));
    if (realFolder !== null && !isOfProject && (await isBelowRoots(realFolder, roots)))
      places.push({ place: realFolder, protocols: 'file', gitFolder: join(realFolder, '.git') });
  }
  return places;
}

/** Returns the base of relative urls, as in git: the remote from which the repository was cloned, else the repository's path. */
async function originOf(git: ProjectGit, source: Place): Promise<string> {
  if (source.protocols !== 'file') return source.place;
  const answer = await git.elsewhere(['-C', source.place, 'config', '--get', 'remote.origin.url'], {
    allowExit: [1, 128],
  });
  return answer.stdout.toString('utf8').trim() || source.place;
}

function resolveRelative(base: string, url: string): string {
  let address = base.replace(/\/+$/, '');
  let path = url;
  for (;;) {
    if (path.startsWith('./')) path = path.slice(2);
    else if (path.startsWith('../')) {
      path = path.slice(3);
      address = address.replace(/[/:][^/:]*$/, '');
    } else return `${address}/${path}`;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function missingSubmodule({ path }: Submodule, why: string): Failure {
  const wayOut =
    'Run `git submodule update --init` in the repository, or let the worker reach it (GIT_CREDENTIALS_FILE, GIT_SSH_KEY_FILE); then request-retry';
  return new Failure(
    'Environment.RepositoryUnfit',
    `The submodule ${JSON.stringify(path)} cannot be had: ${why}. ${wayOut}.`,
  );
}
