/**
 * Brings up what a program needs, in order, and takes it down in the opposite one.
 *
 * Temporal (ours or the configured one), then a worker, then the API; effects begin here and nowhere below.
 */
import type { Client } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../activities';
import type { Deps } from '../activities/deps';
import { connectClient, connectWorker } from '../adapters/temporal/connect';
import type { TemporalTarget } from '../adapters/temporal/connect';
import { checkTaskQueue, claimTaskQueue } from '../adapters/temporal/installation';
import { wakeLedgers } from '../adapters/temporal/wake-ledgers';
import { heldLimits } from '../adapters/sandbox/held-limits';
import { keepNativeCode } from './config';
import type { Config } from './config';
import { leftoversOf, openDataDir } from './data-folders';
import { keepSwept } from './keep-swept';
import { createLog } from './log';
import { scheduleReclaim } from './reclaim-schedule';
import { createWorker } from './create-worker';
import { watched, watchEventLoop } from './event-loop-watch';
import type { EventLoopWatch } from './event-loop-watch';
import { openTemporal, prepareServer } from './open-temporal';
import { runApi } from './run-api';
import { createDependencies, prepareSandbox } from './wiring';
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
      say(heldLimits(deps.sandbox.name));
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

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
