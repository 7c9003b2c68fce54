/**
 * A worker in its own process that reports the heap of all its threads on request, for the bench `memory`.
 */
import { BroadcastChannel } from 'node:worker_threads';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { createActivities } from '../src/activities';
import { connectClient, connectWorker } from '../src/adapters/temporal/connect';
import { readConfig } from '../src/programs/config';
import { createDependencies } from '../src/programs/wiring';
import { createWorker } from '../src/programs/create-worker';
import { heapUsedNow, PROBE_CHANNEL } from './heap-probe';
import type { ThreadHeap } from './heap-probe';

/** The workflow thread, and a second thread that may exist, answer within this time. */
const ANSWERS_WITHIN_MS = 700;

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const config = readConfig();
  const { namespace, taskQueue, maxCachedWorkflows, address = '' } = config.temporal;
  const target = { ...config.temporal, address };
  const deps = createDependencies(config, connectClient(target).client);
  const worker = await createWorker({
    ...{ connection: await connectWorker(target), namespace, taskQueue, maxCachedWorkflows },
    activities: createActivities(deps),
    workflowBundle: { codePath: process.env.BENCH_BUNDLE ?? '' },
  });
  process.on('message', () => {
    void threadHeaps().then((threads) => {
      const workflowHeap = threads.reduce((sum, one) => sum + one.heapUsed, 0);
      const { numCachedWorkflows: cached } = worker.getStatus();
      process.send?.({
        mainHeap: heapUsedNow(),
        workflowHeap,
        threads: threads.length,
        cached,
        rss: process.memoryUsage().rss,
      });
    });
  });
  process.stdout.write('ready\n');
  await worker.run();
}

async function threadHeaps(): Promise<ThreadHeap[]> {
  const channel = new BroadcastChannel(PROBE_CHANNEL);
  const heaps = new Map<number, ThreadHeap>();
  channel.onmessage = (event) => {
    const one = (event as { data: ThreadHeap }).data;
    heaps.set(one.threadId, one);
  };
  channel.postMessage('tell');
  await new Promise((resolve) => setTimeout(resolve, ANSWERS_WITHIN_MS));
  channel.close();
  return [...heaps.values()];
}

void main();
