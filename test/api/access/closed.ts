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

export interface Closed extends Api {
  dataDir: string;
  /** Makes a token, and gives its secret. */
  token(name: string, given?: { rights?: Right[]; projects?: string[]; expiresAt?: string }): Promise<string>;
  /** Sends with a token; a body is JSON. */
  as(token: string, line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

type Options = StackOptions & { api?: Partial<ApiDeps>; access?: Partial<Parameters<typeof createAccess>[0]> };

/** With one admin token, `first`. */
export async function serveClosed(options: Options = {}): Promise<Closed & { first: string }> {
  let access: Access | undefined;
  const lazy: Access = {
    requiresToken: () => made().requiresToken(),
    identify: (credential) => made().identify(credential),
    isCurrent: (caller) => made().isCurrent(caller),
  };
  const made = (): Access => (access ??= createAccess({ ...given, file: tokenFileIn(dataDir) }));
  const given = { isReachable: false, warn: () => undefined, ...options.access };
  const api = await serveApi({ ...options, api: { access: lazy, ...options.api } });
  const { dataDir } = api.stack.config;
  const closed: Closed = {
    ...api,
    dataDir,
    token: (name, more) => makeToken(dataDir, name, more),
    as(token, line, body, headers = {}) {
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
  return { ...closed, first: await closed.token('first', { rights: ['admin'] }) };
}

export async function makeToken(
  dataDir: string,
  name: string,
  { rights = ['viewer'], projects, expiresAt }: NonNullable<Parameters<Closed['token']>[1]> = {},
): Promise<string> {
  let secret = '';
  const created = await createToken(tokenFileIn(dataDir), {
    ...{ name, rights, projects: projects ?? '*', expiresAt: expiresAt ?? null, onlyFirst: false },
    hand: async (given) => void (secret = given),
  });
  expect(created).toBe('made');
  return secret;
}

/** Every route of the API, whatever it needs. */
export function allRoutes(): Route[] {
  // Routes are values: none is called here.
  const deps = {} as ApiDeps;
  return [...healthRoutes(deps), ...gitRoutes(deps), ...bodyRoutes(deps)];
}

/** The address of a route, for a build. */
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
