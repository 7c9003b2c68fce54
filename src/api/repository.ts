/**
 * Which repositories a request may name: local ones below the configured folders, remote ones without a secret in the address,
 * and none whose address says that it leads back to this machine or its network, unless the settings name that server.
 *
 * Where a name leads is judged by the worker, on the address that it then connects to.
 */
import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAbsolute, relative } from 'node:path';
import { gitServerOf } from '../inspect/git-address';
import { isInsideHost } from '../inspect/inside-address';
import type { ApiDeps } from './deps';
import { Problem, malformed } from './problems';
import { placesIn } from '../requests/release';
import type { ReleaseBody } from '../requests/release';
import type { StartBody } from '../requests/start-request';

type Repository = NonNullable<StartBody['repository']>;
type Reach = Pick<ApiDeps, 'repositoryRoots' | 'projectFolders' | 'isNamedServer'>;

/** Gives the repository with its path resolved, so that a link that is changed later leads nowhere else. */
export async function resolveRepository(repository: Repository, reach: Reach): Promise<Repository> {
  const { path, url } = repository;
  const { repositoryRoots: roots, projectFolders = [] } = reach;
  if (url !== undefined) await checkUrl(url, reach);
  if (path === undefined) return repository;
  if (!isAbsolute(path) || path.includes('\0')) throw malformed('repository.path', 'must be an absolute path');
  const real = await realpath(path).catch(() => null);
  const [places, kept] = await Promise.all([realPaths(roots), realPaths(projectFolders)]);
  // Where nothing is allowed or nothing is there, the answer is the same: it tells nobody what exists on this machine.
  const isIn = (folders: string[]) => folders.some((folder) => isBelow(folder, real ?? ''));
  if (real === null || !isIn(places) || isIn(kept)) {
    throw malformed('repository.path', 'must be a folder below one of the configured REPOSITORY_ROOTS');
  }
  return { ...repository, path: real };
}

/** Gives the release with the path of each place that it names resolved, under the same rules. */
export async function resolveRelease(release: ReleaseBody, reach: Reach): Promise<ReleaseBody> {
  const resolved = { ...release };
  for (const [field, place] of placesIn(release)) {
    try {
      const { path } = await resolveRepository(isAbsolute(place) ? { path: place } : { url: place }, reach);
      resolved[field] = path ?? place;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw malformed(`release.${field}`, `is no place to push to: ${error.message}`);
    }
  }
  return resolved;
}

function realPaths(paths: readonly string[]): Promise<string[]> {
  return Promise.all(paths.map((path) => realpath(path).catch(() => path)));
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

async function checkUrl(url: string, { isNamedServer }: Reach): Promise<void> {
  if (!/^(https:\/\/|ssh:\/\/|git@)[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(url)) {
    throw malformed('repository.url', 'must start with https://, ssh:// or git@');
  }
  const [, userInfo] = /^\w+:\/\/([^/]*)@/.exec(url) ?? [];
  const isHttps = url.startsWith('https:');
  // It would be kept in the artifact store, in the clear. A user of ssh is no secret; one of https is most often a token.
  if (userInfo !== undefined && (isHttps || userInfo.includes(':'))) {
    throw malformed('repository.url', 'must not hold a user, a password or a token');
  }
  const server = gitServerOf(url);
  if (server === undefined) throw malformed('repository.url', 'is not a url');
  if (!isInsideHost(server.host) && server.host !== hostname().toLowerCase()) return;
  if ((await isNamedServer?.(server.host, server.port)) === true) return;
  throw malformed(
    'repository.url',
    'must not lead to this machine or its network, but for servers that GIT_HOSTS of the worker names',
  );
}
