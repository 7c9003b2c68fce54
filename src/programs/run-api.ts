/**
 * Runs the HTTP API of a program: supplies its dependencies and listens on its port.
 */
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Deps } from '../activities/deps';
import { createSigner } from '../adapters/record/signature';
import type { ApiDeps } from '../api/deps';
import { createServerOf } from '../api/server';
import { portError, urlOf } from './address';
import type { Config } from './config';
import { projectFoldersIn } from './data-folders';
import { watchRequests } from './event-loop-watch';
import type { EventLoopWatch } from './event-loop-watch';
import { createNoticeRules } from './notice-wiring';
import type { OpenTemporal } from './open-temporal';
import { createReaders } from '../adapters/reading/readers';
import { createProjectDisk } from './project-disk';
import { warnOfAccess } from './warn-of-access';
import { createApiAccess, createGitService, createServerCheck, roleDefaults } from './wiring';

/** Limits for searching a large request or answer for secrets, while its caller waits. */
const READER_LIMITS = { threads: 2, timeoutMs: 20_000, heapMb: 1_024 };

/** Starts the server. The functions that stop it are added to `undo`. */
export async function runApi(input: {
  config: Config;
  say: (line: string) => void;
  ownToken?: { name: string; secret: string };
  temporal: OpenTemporal;
  client: Client;
  deps: Deps;
  searchAttributesKnown: ApiDeps['searchAttributesKnown'];
  log: Logger;
  watch: EventLoopWatch;
  undo: Array<() => Promise<unknown>>;
}): Promise<{ url: string; asksForToken: boolean }> {
  const { config, client, deps, searchAttributesKnown, log, watch, undo } = input;
  const { uiUrl: url, target } = input.temporal;
  const access = createApiAccess(config, { warn: (line) => log.warn(line), own: input.ownToken });
  // With a token of its own, the program is the only caller of its API, so no warning about access is needed.
  if (input.ownToken === undefined) await warnOfAccess(access, config, input.say);
  const readers = createReaders(READER_LIMITS);
  undo.push(() => readers.close());
  const server = createServerOf({
    ...{
      client,
      access,
      artifacts: deps.artifacts,
      ...{ documents: deps.documents, projectSettings: deps.projectSettings },
      signText: createSigner(deps.documents),
      prompts: deps.prompts,
      readers,
      workspace: deps.workspace,
      git: createGitService(config, deps),
      projectDisk: createProjectDisk(config),
      searchAttributesKnown,
      log,
    },
    ...(url === null ? {} : { webUi: { url, namespace: target.namespace } }),
    taskQueue: config.temporal.taskQueue,
    roleDefaults: roleDefaults(config),
    budgetDefaults: config.money.budget,
    repositoryRoots: config.repositoryRoots,
    projectFolders: projectFoldersIn(config.dataDir),
    browsers: config.browsers,
    isNamedServer: createServerCheck(config),
    notices: createNoticeRules(config),
    noticeOutbox: deps.noticeOutbox,
    rateLimitPerMinute: config.rateLimitPerMinute,
    ...{ maxOpenBuilds: config.maxOpenBuilds, projectCaps: config.projectCaps },
  });
  watchRequests(watch, server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, config)));
    server.listen(config.port, config.host, resolve);
  });
  undo.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return { url: urlOf(config.host, port), asksForToken: await access.requiresToken() };
}
