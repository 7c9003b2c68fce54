/**
 * Starts a stack for a test: a worker with real stores, git and sandbox on the test run's Temporal server, and a client.
 *
 * Each stack has its own task queue and data folder; `stop` ends and removes what it made.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Worker } from '@temporalio/worker';
import { createActivities } from '../src/activities';
import type { Activities } from '../src/activities/contract';
import type { Deps } from '../src/activities/deps';
import { connectClient, connectWorker } from '../src/adapters/temporal/connect';
import { readConfig } from '../src/programs/config';
import type { Config } from '../src/programs/config';
import { createDependencies, roleDefaults, temporalTarget } from '../src/programs/wiring';
import { beginBuild } from '../src/domain/build/state';
import { requestKeyOf, workflowIdOf } from '../src/domain/ids';
import type { BuildStart } from '../src/domain/build/start';
import { cardOf } from '../src/domain/build/card';
import { searchAttributesOf } from '../src/workflows/attributes';
import type { buildWorkflow } from '../src/workflows';
import { BUILD_WORKFLOW, priorityOf } from '../src/workflows/messages';
import { writeStartRequest } from '../src/requests/start-request';
import type { StoredBody } from '../src/requests/start-request';
import { createWorker } from '../src/programs/create-worker';
import { createTestReaders } from './reader-thread';
import { writeTestBundle } from './workflow-bundle';

export { until } from './until';

Runtime.install({ logger: new DefaultLogger('ERROR') });

export const DARK_MODE_SCRIPT = join(__dirname, '../examples/dark-mode/script.json');

export interface Stack {
  config: Config;
  client: Client;
  deps: Deps;
  stop(): Promise<void>;
  /** Ends the worker only; what is on the server and on disk stays. */
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
}

export interface StackOptions {
  /** Settings as they would stand in the environment. */
  env?: Record<string, string>;
  /** Replace single dependencies and single activities. */
  deps?: Partial<Deps>;
  activities?: Partial<Activities>;
  /** `false`: no worker is started. */
  worker?: boolean;
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'q-test-data-'));
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  const taskQueue = `test-${randomUUID()}`;
  const ownSettings = { TEMPORAL_ADDRESS: address, TEMPORAL_TASK_QUEUE: taskQueue, DATA_DIR: dataDir };
  // Experiments run the tests of a build many times; a test that is not about them switches them off.
  const env = { ...ownSettings, EXPERIMENT_RUNS: '0', ...options.env };
  const config = readConfig(env);
  const target = temporalTarget(config, address);
  const { client, connection } = connectClient(target);
  const deps = { ...createDependencies(config, client), readers: createTestReaders(), ...options.deps };
  let runningWorker: { worker: Worker; ended: Promise<void>; close(): Promise<void> } | undefined;

  const stack: Stack = {
    config,
    client,
    deps,
    async startWorker() {
      const native = await connectWorker(target);
      const worker = await createWorker({
        connection: native,
        namespace: target.namespace,
        taskQueue: config.temporal.taskQueue,
        codec: target.codec,
        workflowBundle: { codePath: await bundleFor(config) },
        activities: { ...createActivities(deps), ...options.activities },
      });
      runningWorker = { worker, ended: worker.run(), close: () => native.close() };
    },
    async stopWorker() {
      runningWorker?.worker.shutdown();
      await runningWorker?.ended;
      await runningWorker?.close();
      runningWorker = undefined;
    },
    async stop() {
      await stack.stopWorker();
      await deps.readers.close();
      await connection.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  if (options.worker !== false) await stack.startWorker();
  return stack;
}

/** The path of the test run's bundle, or of the stack's own bundle if its payloads are encrypted. */
async function bundleFor({ temporal, dataDir }: Config): Promise<string> {
  if (temporal.payloadKeys !== undefined) return writeTestBundle(dataDir, true);
  return process.env.TEST_WORKFLOW_BUNDLE ?? '';
}

/** Starts a build as the API does, and gives its handle. */
export async function startBuild(
  stack: Stack,
  overrides: { request?: Partial<StoredBody>; start?: Partial<BuildStart> } = {},
) {
  const { projectId = 'shop', buildId = randomUUID() } = overrides.start ?? {};
  const ids = { user_id: 'ada', project_id: projectId, build_id: buildId };
  const request = { requirements: 'Build me a dark mode feature', ...overrides.request, ...ids };
  const { digest } = await stack.deps.artifacts.put(writeStartRequest(request));
  const start: BuildStart = {
    ...{ projectId, buildId, userId: 'ada' },
    title: 'Build me a dark mode feature',
    request: digest,
    requestKey: requestKeyOf(digest),
    roles: roleDefaults(stack.config),
    retriesPerPhase: 3,
    createdAt: new Date().toISOString(),
    ...overrides.start,
  };
  return stack.client.workflow.start<typeof buildWorkflow>(BUILD_WORKFLOW, {
    workflowId: workflowIdOf(start),
    taskQueue: stack.config.temporal.taskQueue,
    args: [{ start }],
    memo: { card: cardOf(beginBuild(start)) },
    searchAttributes: searchAttributesOf(beginBuild(start)),
    priority: priorityOf(start),
  });
}
