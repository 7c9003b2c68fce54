/**
 * The stage of a bench: a Temporal server with a new database file, stores in a new folder, and a client.
 *
 * The server is the embedded one, as in `npm start`, or for comparison the stock dev server.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createActivities } from '../src/activities';
import type { Activities } from '../src/activities/contract';
import type { Deps } from '../src/activities/deps';
import { findBinary } from '../src/adapters/temporal/binary';
import { connectClient, connectWorker } from '../src/adapters/temporal/connect';
import { startEmbedded } from '../src/adapters/temporal/embedded';
import type { EmbeddedServer } from '../src/adapters/temporal/embedded';
import { LOOPBACK, findFreePort } from '../src/adapters/temporal/ports';
import { SEARCH_ATTRIBUTES } from '../src/workflows/attributes';
import { waitUntilReady } from '../src/adapters/temporal/server-ready';
import { readConfig } from '../src/programs/config';
import type { Config } from '../src/programs/config';
import { createDependencies, temporalTarget } from '../src/programs/wiring';
import { createWorker } from '../src/programs/create-worker';
import { bundleWorkflows } from '../src/programs/workflow-bundle';
import { onCleanUp } from './cleanup';

export const TUNED = 'embedded server (tuned), file, journal WAL, synchronous FULL';
export const STOCK = 'stock `temporal server start-dev --db-filename`, rollback journal, its default sync';

export interface Stage {
  folder: string;
  config: Config;
  client: Client;
  deps: Deps;
  server: Pick<EmbeddedServer, 'address' | 'pid' | 'stop'>;
  /** Starts a worker in this process; gives what stops it. */
  startWorker(overrides?: Partial<Activities> & Record<string, unknown>): Promise<() => Promise<void>>;
}

export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'q-bench-'));
  onCleanUp(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

export async function setStage(options: { stock?: boolean; env?: Record<string, string> } = {}): Promise<Stage> {
  const folder = await makeFolder();
  const server = options.stock ? await startStock(folder) : await startTuned(folder);
  const env = { TEMPORAL_ADDRESS: server.address, DATA_DIR: join(folder, 'data'), ...options.env };
  const config = readConfig(env);
  const target = temporalTarget(config, server.address);
  const { client, connection } = connectClient(target);
  onCleanUp(() => connection.close());
  const deps = createDependencies(config, client);
  return {
    ...{ folder, config, client, deps, server },
    async startWorker(over = {}) {
      const connection = await connectWorker(target);
      const { namespace, taskQueue, maxCachedWorkflows } = config.temporal;
      const activities = { ...createActivities(deps), ...over };
      const worker = await createWorker({
        ...{ connection, namespace, taskQueue, maxCachedWorkflows, activities, codec: target.codec },
        workflowBundle: { code: await bundleCode(target.codec !== undefined) },
      });
      const ended = worker.run();
      return onCleanUp(async () => {
        worker.shutdown();
        await ended;
        await connection.close();
      });
    },
  };
}

export async function startTuned(folder: string, onExit?: () => void): Promise<EmbeddedServer> {
  const dataDir = join(folder, 'temporal');
  const start = () => startEmbedded({ dataDir, log: () => undefined, ...(onExit && { onExit }) });
  // Another program may take the chosen port before the server does. Then it is started once more, with another port.
  const server = await start().catch(start);
  onCleanUp(() => server.stop());
  return server;
}

const bundleByEncryption = new Map<boolean, Promise<string>>();

/** Gives a bundle of the product's workflows and the bare ones. It is made once a run, and once more for encrypted payloads. */
function bundleCode(isEncrypted = false): Promise<string> {
  const options = { workflowsPath: require.resolve('./bare/index'), isEncrypted };
  const code = bundleByEncryption.get(isEncrypted) ?? bundleWorkflows(options).then((made) => made.code);
  bundleByEncryption.set(isEncrypted, code);
  return code;
}

/** Writes the same bundle into a file, for workers in other processes. */
export async function bundleFile(folder: string): Promise<string> {
  const file = join(folder, 'workflows.js');
  await writeFile(file, await bundleCode());
  return file;
}

/** Starts the stock server with flags for the file, the ports and the search attributes, which builds need, and with no others. */
async function startStock(folder: string): Promise<Stage['server']> {
  const { path } = await findBinary({});
  const [port, uiPort] = [await findFreePort(), await findFreePort()];
  const child = spawn(
    path,
    [
      ...['server', 'start-dev', '--db-filename', join(folder, 'stock.db')],
      ...['--port', String(port), '--ui-port', String(uiPort)],
      ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, { type }]) => ['--search-attribute', `${name}=${type}`]),
    ],
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  const stop = onCleanUp(async () => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 3_000).unref();
    await exited;
  });
  const isReady = await waitUntilReady({ port, timeoutMs: 30_000, shouldStop: () => child.exitCode !== null });
  if (!isReady) throw new Error('the stock Temporal server did not start');
  return { address: `${LOOPBACK}:${port}`, pid: child.pid as number, stop };
}
