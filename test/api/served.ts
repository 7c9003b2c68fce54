/**
 * Serves the real app on a free port, with a real worker and Temporal server, and sends requests to it over HTTP.
 */
import { randomUUID } from 'node:crypto';
import { delimiter } from 'node:path';
import type { ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createProjectSettings } from '../../src/adapters/record/project-settings';
import { createSigner } from '../../src/adapters/record/signature';
import type { ApiDeps } from '../../src/api/deps';
import { createServerOf } from '../../src/api/server';
import { createNoticeRules } from '../../src/programs/notice-wiring';
import { createGitService } from '../../src/programs/wiring';
import { ANYONE } from '../../src/domain/access';
import { ROLES } from '../../src/domain/roles';
import type { Role, RoleMode } from '../../src/domain/roles';
import type { Access } from '../../src/ports/access';
import { startStack } from '../fixture';
import type { Stack, StackOptions } from '../fixture';
import { createTestReaders } from '../reader-thread';
import { until as untilReady } from '../until';

export const ALL_EXTERNAL = Object.fromEntries(ROLES.map((role) => [role, 'external'])) as Record<Role, RoleMode>;

// The body of any answer: each test says which members it expects.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Body = any;

export interface Answer {
  status: number;
  headers: Headers;
  body: Body;
}

export interface Api {
  url: string;
  stack: Stack;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A project id that no other test has. */
  newProject(): string;
  stop(): Promise<void>;
}

export async function serveApi(
  options: StackOptions & { api?: Partial<ApiDeps>; http?: ServerOptions } = {},
): Promise<Api> {
  const roots = options.api?.repositoryRoots ?? [];
  // API and worker of one installation have the same setting.
  const env = { ...(roots.length === 0 ? {} : { REPOSITORY_ROOTS: roots.join(delimiter) }), ...options.env };
  const stack = await startStack({ ...options, env });
  const { client, deps, config } = stack;
  const apiDeps = {
    ...{ client, taskQueue: config.temporal.taskQueue, searchAttributesKnown: true },
    ...{
      artifacts: deps.artifacts,
      documents: deps.documents,
      projectSettings: deps.projectSettings,
      readers: deps.readers,
      signText: createSigner(deps.documents),
      prompts: deps.prompts,
      git: createGitService(config, deps),
    },
    ...{ budgetDefaults: config.money.budget, projectCaps: config.projectCaps },
    ...{ notices: createNoticeRules(config), noticeOutbox: deps.noticeOutbox },
    ...{ roleDefaults: ALL_EXTERNAL, repositoryRoots: [], log: pino({ level: 'silent' }) },
    ...options.api,
  };
  const servedApi = await serve(apiDeps, options.http);
  return {
    ...servedApi,
    stack,
    newProject: () => `p-${randomUUID().slice(0, 8)}`,
    async stop() {
      await servedApi.close();
      await stack.stop();
    },
  };
}

/** Without `access` no token is needed, as on a loopback address before the first token. */
type Provided = 'access' | 'readers' | 'projectSettings';
type ServeDeps = Omit<ApiDeps, Provided> & Partial<Pick<ApiDeps, Provided>>;

export const OPEN: Access = {
  requiresToken: async () => false,
  identify: async () => ({ kind: 'caller', caller: ANYONE }),
  isCurrent: async () => true,
};

export async function serve(deps: ServeDeps, options: ServerOptions = {}) {
  const readers = createTestReaders();
  const projectSettings = createProjectSettings(deps.documents);
  const server = createServerOf({ access: OPEN, readers, projectSettings, ...deps }, options).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      ask(url + path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
  return {
    url,
    get: (path: string) => ask(url + path, {}),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await readers.close();
    },
  };
}

export async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Asks until the body is as expected, since Temporal shows some changes a moment later. Returns that body. */
export function until(api: Pick<Api, 'get'>, path: string, isExpected: (body: Body) => boolean): Promise<Body> {
  return untilReady(async () => (await api.get(path)).body, isExpected);
}
