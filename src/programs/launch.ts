/**
 * Brings up what a program needs, in order, and takes it down in the opposite one.
 *
 * Temporal (ours or the configured one), then a worker, then the API; effects begin here and nowhere below.
 */
import type { AddressInfo } from 'node:net';
import type { Client, Connection } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities';
import type { Deps } from '../activities/deps';
import { assertReachable, connectClient, connectWorker } from '../adapters/temporal/connect';
import type { TemporalTarget } from '../adapters/temporal/connect';
import { checkTaskQueue, claimTaskQueue } from '../adapters/temporal/installation';
import { startEmbedded } from '../adapters/temporal/embedded';
import { ensureSearchAttributes, learnSearchAttributes } from '../adapters/temporal/search-attributes';
import { wakeLedgers } from '../adapters/temporal/wake-ledgers';
import { createSigner } from '../adapters/record/signature';
import type { ApiDeps } from '../api/deps';
import { createServerOf } from '../api/server';
import { codecEndpointOf, portError, urlOf } from './address';
import { keepNativeCode } from './config';
import type { Config } from './config';
import { leftoversOf, openDataDir } from './data-folders';
import { keepSwept } from './keep-swept';
import { createLog } from './log';
import { createProjectDisk } from './project-disk';
import { scheduleReclaim } from './reclaim-schedule';
import { createWorker } from './create-worker';
import { watched, watchEventLoop, watchRequests } from './event-loop-watch';
import type { EventLoopWatch } from './event-loop-watch';
import {
  createApiAccess,
  createDependencies,
  createGitService,
  createServerCheck,
  prepareSandbox,
  roleDefaults,
  temporalTarget,
} from './wiring';
import { warnOfAccess } from './warn-of-access';
import { keptBundle } from './workflow-bundle';
import type { WorkflowBundle } from './workflow-bundle';

export interface LaunchOptions {
  config: Config;
  api: boolean;
  worker: boolean;
  /** A token for the API that this process alone knows: where the API asks for one, its own calls need it. */
  own?: { name: string; secret: string };
  /** One line for people, on standard error. */
  say: (line: string) => void;
  /** Ends the start where it stands: what was brought up is taken down, then its reason is thrown. */
  signal?: AbortSignal;
}

export interface Launched {
  client: Client;
  deps: Deps;
  address: string;
  namespace: string;
  /** Where the API answers; null where this program has none. */
  url: string | null;
  /** At the start; a token that is made later closes the API, too. */
  asksForToken: boolean;
  /** The Temporal Web UI; null for a configured server where TEMPORAL_UI_URL does not say. */
  uiUrl: string | null;
  stop(): Promise<void>;
  /** Settles when something that must not end has ended by itself. */
  failed: Promise<Error>;
}

type Undo = () => Promise<unknown>;

export async function launch(options: LaunchOptions): Promise<Launched> {
  const { config, say, signal } = options;
  const undo: Undo[] = [];
  const stop = once(async () => {
    for (const step of undo.reverse()) await step();
  });
  let fail!: (error: Error) => void;
  const failed = new Promise<Error>((resolve) => (fail = resolve));
  try {
    const log = createLog(config);
    await openDataDir(config.dataDir, say);
    if (options.worker) keepNativeCode(config);
    // Where the bundle must be made it takes two seconds of another thread's time: begun before anything is waited for.
    const bundle = options.worker ? keptBundle(bundleOptions(config)) : undefined;
    bundle?.catch(() => undefined);
    if (options.worker) await prepareSandbox(config, { say, signal });
    const [key] = config.temporal.payloadKeys ?? [];
    if (key !== undefined) say(`payloads: encrypted with the key ${key.id}`);
    const temporal = await openTemporal(options, undo, fail);
    const { client, connection } = connectClient(temporal.target);
    undo.push(() => connection.close());
    const searchAttributesKnown = await unlessEnded(prepareServer(connection, temporal, options), signal);
    const deps = createDependencies(config, client, log);
    undo.push(() => deps.readers.close());
    const watch = watchEventLoop({ warn: (facts, line) => log.warn(facts, line) });
    undo.push(() => Promise.resolve(watch.end()));
    const place = { client, taskQueue: config.temporal.taskQueue, documents: deps.documents, dataDir: config.dataDir };
    // A function: Temporal is away, and cannot be asked.
    if (!options.worker && typeof searchAttributesKnown === 'boolean') await checkTaskQueue(place);
    if (options.worker) {
      await deps.sandbox.selfTest(signal);
      await unlessEnded(claimTaskQueue(place), signal);
      undo.push(keepSwept(leftoversOf({ ...config, firstUid: config.sandbox.uid }), log));
      if (deps.sandbox.name === 'none') say('SANDBOX=none: commands run unheld; every evidence says so');
      const worker = {
        config,
        deps,
        target: temporal.target,
        bundle: await unlessEnded(bundle!, signal),
        watch,
        undo,
        fail,
      };
      await runWorker(worker);
      const end = scheduleReclaim(config, { address: temporal.target.address, log });
      undo.push(async () => end());
      undo.push(wakeLedgers(place, (error) => log.warn({ error }, 'the ledgers could not be asked to look')));
    }
    signal?.throwIfAborted();
    const served = options.api
      ? await runApi({ ...options, temporal, client, deps, searchAttributesKnown, log, watch, undo })
      : null;
    const { address, namespace } = temporal.target;
    const { url, asksForToken } = served ?? { url: null, asksForToken: false };
    return { client, deps, address, namespace, url, asksForToken, uiUrl: temporal.uiUrl, stop, failed };
  } catch (error) {
    // A client that is closed while it still asks throws from a timer of its own; its program ends now.
    if (signal?.aborted) process.on('uncaughtException', () => undefined);
    await stop();
    throw error;
  }
}

/** What is given up here is a question or a thread of this process, so nothing of it outlives the end. */
function unlessEnded<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  work.catch(() => undefined);
  ended.catch(() => undefined);
  return Promise.race([work, ended]);
}

interface OpenTemporal {
  target: TemporalTarget;
  uiUrl: string | null;
  ours: boolean;
}

async function openTemporal(
  { config, say, signal }: LaunchOptions,
  undo: Undo[],
  fail: (error: Error) => void,
): Promise<OpenTemporal> {
  const { address, cliPath } = config.temporal;
  const uiUrl = config.temporal.uiUrl ?? null;
  if (address !== undefined) return { target: temporalTarget(config, address), uiUrl, ours: false };
  const { dataDir, cacheDir } = config;
  const onExit = (reason: string) => fail(new Error(`the Temporal server ended: ${reason}`));
  const codecEndpoint = codecEndpointOf(config);
  const { allowedHosts } = config.browsers;
  const server = await startEmbedded({
    ...{ dataDir, cacheDir, cliPath, allowedHosts, codecEndpoint },
    ...{ log: say, signal, onExit },
  });
  undo.push(() => server.stop());
  return { target: temporalTarget(config, server.address), uiUrl: server.uiUrl, ours: true };
}

function bundleOptions({ cacheDir, temporal }: Config): { cacheDir: string; isEncrypted: boolean } {
  return { cacheDir, isEncrypted: temporal.payloadKeys !== undefined };
}

/** The worker cannot do without Temporal; the API starts without it, answers 503, and serves as soon as it is back. */
async function prepareServer(
  connection: Connection,
  { target, ours }: OpenTemporal,
  { worker, say }: LaunchOptions,
): Promise<ApiDeps['searchAttributesKnown']> {
  const { namespace } = target;
  try {
    await assertReachable(connection, target);
  } catch (error) {
    if (worker) throw error;
    say(error instanceof Error ? error.message : String(error));
    return learnSearchAttributes({ connection, namespace, log: say });
  }
  if (ours) return true;
  const { missing } = await ensureSearchAttributes({ connection, namespace, log: say });
  return missing.length === 0;
}

async function runWorker(input: {
  config: Config;
  deps: Deps;
  target: TemporalTarget;
  bundle: WorkflowBundle;
  watch: EventLoopWatch;
  undo: Undo[];
  fail: (error: Error) => void;
}): Promise<void> {
  const { config, deps, target, bundle, watch, undo, fail } = input;
  const native: NativeConnection = await connectWorker(target);
  undo.push(() => native.close());
  const { namespace, taskQueue, maxCachedWorkflows } = config.temporal;
  const activities = watched(watch, createActivities(deps));
  const worker: Worker = await createWorker({
    ...{ connection: native, namespace, taskQueue, maxCachedWorkflows, activities, codec: target.codec },
    workflowBundle: bundle,
  });
  const ended = worker.run();
  ended.catch((error: unknown) => fail(error instanceof Error ? error : new Error(String(error))));
  undo.push(async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await ended.catch(() => undefined);
  });
}

async function runApi(input: {
  config: Config;
  say: LaunchOptions['say'];
  own?: NonNullable<LaunchOptions['own']>;
  temporal: OpenTemporal;
  client: Client;
  deps: Deps;
  searchAttributesKnown: ApiDeps['searchAttributesKnown'];
  log: Logger;
  watch: EventLoopWatch;
  undo: Undo[];
}): Promise<Pick<Launched, 'asksForToken'> & { url: string }> {
  const { config, client, deps, searchAttributesKnown, log, watch, undo } = input;
  const { uiUrl: url, target } = input.temporal;
  const access = createApiAccess(config, { warn: (line) => log.warn(line), own: input.own });
  // A program that calls its own API alone ends with that: there is nothing to close.
  if (input.own === undefined) await warnOfAccess(access, config, input.say);
  const server = createServerOf({
    ...{
      client,
      access,
      artifacts: deps.artifacts,
      documents: deps.documents,
      signText: createSigner(deps.documents),
      prompts: deps.prompts,
      workspace: deps.workspace,
      git: createGitService(config, deps),
      projectDisk: createProjectDisk(config),
      searchAttributesKnown,
      log,
    },
    ...(url === null ? {} : { webUi: { url, namespace: target.namespace } }),
    taskQueue: config.temporal.taskQueue,
    roleDefaults: roleDefaults(config),
    repositoryRoots: config.repositoryRoots,
    browsers: config.browsers,
    isNamedServer: createServerCheck(config),
    rateLimitPerMinute: config.rateLimitPerMinute,
    maxOpenBuilds: config.maxOpenBuilds,
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
  return { url: urlOf(config.host, port), asksForToken: await access.isAsked() };
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
