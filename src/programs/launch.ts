/**
 * Starts what a program needs in order, and stops it in the opposite order.
 *
 * First Temporal (the embedded or the configured server), then the worker, then the API. Only this file starts them.
 */
import type { Client } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../activities';
import type { Deps } from '../activities/deps';
import { connectClient, connectWorker } from '../adapters/temporal/connect';
import type { TemporalTarget } from '../adapters/temporal/connect';
import { checkTaskQueue, claimTaskQueue } from '../adapters/temporal/installation';
import { wakeLedgers } from '../adapters/temporal/wake-ledgers';
import { describeLimits } from '../adapters/sandbox/held-limits';
import { keepNativeCode } from './config';
import type { Config } from './config';
import { leftoversOf, openDataDir } from './data-folders';
import { startSweeps } from './keep-swept';
import { createLog } from './log';
import { scheduleReclaim } from './reclaim-schedule';
import { createWorker } from './create-worker';
import { watchActivities, watchEventLoop } from './event-loop-watch';
import type { EventLoopWatch } from './event-loop-watch';
import { describeBudget } from './money-config';
import { openTemporal, prepareServer } from './open-temporal';
import { runApi } from './run-api';
import { createDependencies, prepareSandbox } from './wiring';
import { cachedBundle } from './workflow-bundle';
import type { WorkflowBundle } from './workflow-bundle';

export interface LaunchOptions {
  config: Config;
  api: boolean;
  worker: boolean;
  /** A token that only this process knows, for its own calls to the API. */
  ownToken?: { name: string; secret: string };
  /** Writes one line for people to standard error. */
  say: (line: string) => void;
  /** Interrupts the start: what has been started is stopped, then the signal's reason is thrown. */
  signal?: AbortSignal;
}

export interface Launched {
  client: Client;
  deps: Deps;
  address: string;
  namespace: string;
  /** The address of the API; null where this program has none. */
  url: string | null;
  /** True where the API needs a token at the start. A token that is made later has the same effect. */
  asksForToken: boolean;
  /** The address of the Temporal Web UI; null for a configured server without TEMPORAL_UI_URL. */
  uiUrl: string | null;
  stop(): Promise<void>;
  /** Settles when the worker or the Temporal server has ended by itself. */
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
    // Making the bundle takes two seconds in another thread, so it begins before the first wait.
    const bundle = options.worker ? cachedBundle(bundleOptions(config)) : undefined;
    bundle?.catch(() => undefined);
    if (options.worker) await prepareSandbox(config, { say, signal });
    const [key] = config.temporal.payloadKeys ?? [];
    if (key !== undefined) say(`payloads: encrypted with the key ${key.id}`);
    const temporal = await openTemporal(options, undo, fail);
    const { client, connection } = connectClient(temporal.target);
    undo.push(() => connection.close());
    const searchAttributesKnown = await untilAborted(prepareServer(connection, temporal, options), signal);
    const deps = createDependencies(config, client, log);
    undo.push(() => deps.readers.close());
    const watch = watchEventLoop({ warn: (facts, line) => log.warn(facts, line) });
    undo.push(() => Promise.resolve(watch.end()));
    const { taskQueue } = config.temporal;
    const installation = { client, taskQueue, documents: deps.documents, dataDir: config.dataDir };
    // If Temporal is away, this is a function and no boolean; then the task queue cannot be checked.
    if (!options.worker && typeof searchAttributesKnown === 'boolean') await checkTaskQueue(installation);
    if (options.worker) {
      await deps.sandbox.selfTest(signal);
      await untilAborted(claimTaskQueue(installation), signal);
      undo.push(startSweeps(leftoversOf({ ...config, firstUid: config.sandbox.uid }), log));
      if (deps.sandbox.name === 'none') say('SANDBOX=none: commands run without a sandbox; all evidence is marked so');
      say(describeLimits(deps.sandbox.name));
      const workflowBundle = await untilAborted(bundle!, signal);
      await runWorker({ config, deps, target: temporal.target, bundle: workflowBundle, watch, undo, fail });
      const end = scheduleReclaim(config, { address: temporal.target.address, log });
      undo.push(async () => end());
      undo.push(wakeLedgers(installation, (error) => log.warn({ error }, 'the ledgers could not be woken')));
    }
    if (options.api) say(describeBudget(config.money.budget));
    signal?.throwIfAborted();
    const apiAddress = options.api
      ? await runApi({ ...options, temporal, client, deps, searchAttributesKnown, log, watch, undo })
      : null;
    const { address, namespace } = temporal.target;
    const { url, asksForToken } = apiAddress ?? { url: null, asksForToken: false };
    return { client, deps, address, namespace, url, asksForToken, uiUrl: temporal.uiUrl, stop, failed };
  } catch (error) {
    // A client that is closed during a call throws from a timer of its own. The program ends anyway.
    if (signal?.aborted) process.on('uncaughtException', () => undefined);
    await stop();
    throw error;
  }
}

/** Rejects when the signal is aborted. Safe to abandon: no work that is started with it outlives this process. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
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

function bundleOptions({ cacheDir, temporal }: Config): { cacheDir: string; isEncrypted: boolean } {
  return { cacheDir, isEncrypted: temporal.payloadKeys !== undefined };
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
  const activities = watchActivities(watch, createActivities(deps));
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

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
