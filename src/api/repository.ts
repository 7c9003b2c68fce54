/**
 * Checks the repositories that a request names: local ones must lie below the configured folders, remote addresses must have no
 * secret and must not name this machine or its network, unless the settings name that server.
 *
 * The worker checks the IP address to which a name resolves, when it connects.
 */
import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAbsolute, relative } from 'node:path';
import { gitServerOf } from '../inspect/git-address';
import { isInsideHost } from '../inspect/inside-address';
import type { ApiDeps } from './deps';
import { Problem, malformed } from './problems';
import { repositoryFieldsOf } from '../requests/release';
import type { ReleaseBody } from '../requests/release';
import type { StartBody } from '../requests/start-request';

type Repository = NonNullable<StartBody['repository']>;
type RepositoryRules = Pick<ApiDeps, 'repositoryRoots' | 'projectFolders' | 'isNamedServer'>;

/** Gives the repository with its real path, so that a symbolic link that is changed later has no effect. */
export async function resolveRepository(repository: Repository, reach: RepositoryRules): Promise<Repository> {
  const { path, url } = repository;
  const { repositoryRoots: roots, projectFolders = [] } = reach;
  if (url !== undefined) await checkUrl(url, reach);
  if (path === undefined) return repository;
  if (!isAbsolute(path) || path.includes('\0')) throw malformed('repository.path', 'must be an absolute path');
  const resolvedPath = await realpath(path).catch(() => null);
  const [rootPaths, projectPaths] = await Promise.all([realPaths(roots), realPaths(projectFolders)]);
  // A forbidden and a missing folder get the same answer, so that the answer does not show what exists on this machine.
  const isIn = (folders: string[]) => folders.some((folder) => isBelow(folder, resolvedPath ?? ''));
  if (resolvedPath === null || !isIn(rootPaths) || isIn(projectPaths)) {
    throw malformed('repository.path', 'must be a folder below one of the configured REPOSITORY_ROOTS');
  }
  return { ...repository, path: resolvedPath };
}

/** Gives the release with the real path of each repository that it names, checked by the same rules. */
export async function resolveRelease(release: ReleaseBody, reach: RepositoryRules): Promise<ReleaseBody> {
  const resolved = { ...release };
  for (const [field, place] of repositoryFieldsOf(release)) {
    try {
      const { path } = await resolveRepository(isAbsolute(place) ? { path: place } : { url: place }, reach);
      resolved[field] = path ?? place;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw malformed(`release.${field}`, `cannot be pushed to: ${error.message}`);
    }
  }
  return resolved;
}

function realPaths(paths: readonly string[]): Promise<string[]> {
  return Promise.all(paths.map((path) => realpath(path).catch(() => path)));
}

function isBelow(root: string, path: string): boolean {
  const relativePath = relative(root, path);
  return relativePath !== '' && relativePath !== '..' && !relativePath.startsWith('../') && !isAbsolute(relativePath);
}

async function checkUrl(url: string, { isNamedServer }: RepositoryRules): Promise<void> {
  if (!/^(https:\/\/|ssh:\/\/|git@)[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(url)) {
    throw malformed('repository.url', 'must start with https://, ssh:// or git@');
  }
  const [, userInfo] = /^\w+:\/\/([^/]*)@/.exec(url) ?? [];
  const isHttps = url.startsWith('https:');
  // The address is stored unencrypted in the artifact store. A user name of https is most often a token; one of ssh is no secret.
  if (userInfo !== undefined && (isHttps || userInfo.includes(':'))) {
    throw malformed('repository.url', 'must not hold a user, a password or a token');
  }
  const server = gitServerOf(url);
  if (server === undefined) throw malformed('repository.url', 'is not a url');
  if (!isInsideHost(server.host) && server.host !== hostname().toLowerCase()) return;
  if ((await isNamedServer?.(server.host, server.port)) === true) return;
  throw malformed(
    'repository.url',
    'must not lead to this machine or its network, except to servers in the setting GIT_HOSTS of the worker',
  );
}
