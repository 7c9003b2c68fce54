/**
 * An API that requires tokens: the real one, with tokens that `qo token` made in its DATA_DIR.
 */
import type { Access } from '../../../src/ports/access';
import { createAccess } from '../../../src/adapters/access/create-access';
import { createToken, tokenFileIn } from '../../../src/adapters/access/token-file';
import type { Right } from '../../../src/domain/access';
import type { ApiDeps } from '../../../src/api/deps';
import { bodyRoutes } from '../../../src/api/app';
import type { Route } from '../../../src/api/mount';
import { gitRoutes } from '../../../src/api/routes/git';
import { healthRoutes } from '../../../src/api/routes/health';
import type { StackOptions } from '../../fixture';
import { ask, serveApi } from '../served';
import type { Answer, Api } from '../served';

export interface ProtectedApi extends Api {
  dataDir: string;
  /** Makes a token, and gives its secret. */
  token(name: string, options?: { rights?: Right[]; projects?: string[]; expiresAt?: string }): Promise<string>;
  /** Sends a request, such as `GET /healthz`, with a token; the body becomes JSON. */
  sendAs(token: string, line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

type Options = StackOptions & { api?: Partial<ApiDeps>; access?: Partial<Parameters<typeof createAccess>[0]> };

/** Serves the API with one admin token, `adminToken`. */
export async function serveProtectedApi(options: Options = {}): Promise<ProtectedApi & { adminToken: string }> {
  let access: Access | undefined;
  const lazyAccess: Access = {
    requiresToken: () => getAccess().requiresToken(),
    identify: (credential) => getAccess().identify(credential),
    isCurrent: (caller) => getAccess().isCurrent(caller),
  };
  const getAccess = (): Access => (access ??= createAccess({ ...accessOptions, file: tokenFileIn(dataDir) }));
  const accessOptions = { isReachable: false, warn: () => undefined, ...options.access };
  const api = await serveApi({ ...options, api: { access: lazyAccess, ...options.api } });
  const { dataDir } = api.stack.config;
  const protectedApi: ProtectedApi = {
    ...api,
    dataDir,
    token: (name, tokenOptions) => makeToken(dataDir, name, tokenOptions),
    sendAs(token, line, body, headers = {}) {
      const [method = '', path = ''] = line.split(' ');
      return ask(api.url + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...{ authorization: `Bearer ${token}` },
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
  };
  return { ...protectedApi, adminToken: await protectedApi.token('first', { rights: ['admin'] }) };
}

export async function makeToken(
  dataDir: string,
  name: string,
  { rights = ['viewer'], projects, expiresAt }: NonNullable<Parameters<ProtectedApi['token']>[1]> = {},
): Promise<string> {
  let secret = '';
  const created = await createToken(tokenFileIn(dataDir), {
    ...{ name, rights, projects: projects ?? '*', expiresAt: expiresAt ?? null, onlyFirst: false },
    hand: async (token) => void (secret = token),
  });
  expect(created).toBe('made');
  return secret;
}

/** All routes of the API. */
export function allRoutes(): Route[] {
  // No handler is called here, so the routes need no dependencies.
  const deps = {} as ApiDeps;
  return [...healthRoutes(deps), ...gitRoutes(deps), ...bodyRoutes(deps)];
}

/** Gives the address of a route, with the ids of a project and a build in it. */
export function addressOf(
  { path }: Pick<Route, 'path'>,
  { project, build }: { project: string; build: string },
): string {
  const address = path
    .replace(':workflow_id', `${project}.${build}`)
    .replace(':project_id', project)
    .replace(':number', '1')
    .replace(':digest', `sha256:${'0'.repeat(64)}`);
  expect(address).not.toContain(':p');
  return path.endsWith('/info/refs') ? `${address}?service=git-upload-pack` : address;
}
