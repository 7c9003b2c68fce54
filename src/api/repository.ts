/**
 * Which repositories a request may name: local ones below the configured folders, remote ones without a password in the address.
 */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { Problem, malformed } from './problems';
import type { StartBody } from './schemas';

type Repository = NonNullable<StartBody['repository']>;
type Release = NonNullable<StartBody['release']>;

/** Gives the repository with its path resolved, so that a link that is changed later leads nowhere else. */
export async function resolveRepository(repository: Repository, roots: string[]): Promise<Repository> {
  const { path, url } = repository;
  if (url !== undefined) checkUrl(url);
  if (path === undefined) return repository;
  if (!isAbsolute(path) || path.includes('\0')) throw malformed('repository.path', 'must be an absolute path');
  const real = await realpath(path).catch(() => null);
  const places = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
  // Where nothing is allowed or nothing is there, the answer is the same: it tells nobody what exists on this machine.
  if (real === null || !places.some((place) => isBelow(place, real))) {
    throw malformed('repository.path', 'must be a folder below one of the configured REPOSITORY_ROOTS');
  }
  return { ...repository, path: real };
}

/** Gives the release with the path of its remote resolved, under the same rules. */
export async function resolveRelease(release: Release, roots: string[]): Promise<Release> {
  const { remote } = release;
  if (remote === undefined) return release;
  try {
    const place = isAbsolute(remote) ? { path: remote } : { url: remote };
    return { ...release, remote: (await resolveRepository(place, roots)).path ?? remote };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw malformed('release.remote', `is no place to push to: ${error.message}`);
  }
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

function checkUrl(url: string): void {
  if (!/^(https:\/\/|ssh:\/\/|git@)[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(url)) {
    throw malformed('repository.url', 'must start with https://, ssh:// or git@');
  }
  // It would be kept in the artifact store, in the clear.
  if (/^\w+:\/\/[^/]*:[^/]*@/.test(url)) throw malformed('repository.url', 'must not hold a password');
}
