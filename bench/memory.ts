/**
 * Bench `memory`: measures the worker's heap for each open build, compared with a bare workflow that only waits.
 */
import { once } from 'node:events';
import type { Stage } from './stage';
import { ALL_EXTERNAL, runConcurrently, pause, startBuild, waitUntil } from './builds';
import { atMost, digits, exactly } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';
import { startProgram } from './programs';
import type { Program } from './programs';
import { bundleFile, setStage, TUNED } from './stage';

interface HeapReport {
  mainHeap: number;
  /** Heaps of all other threads: workflows, with their reusable V8 context. */
  workflowHeap: number;
  threads: number;
  rss: number;
  cached: number;
}
type Side = 'bare' | 'build';

export const memory: Bench = {
  name: 'memory',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const count = quick ? 200 : 1_000;
    const bare = await measure('bare', count);
    const build = await measure('build', count);
    const row = (what: string, { before, after }: { before: HeapReport; after: HeapReport }) => [
      what,
      `${digits(heap(before) / 1e6)} MB`,
      `${digits(heap(after) / 1e6)} MB`,
      `${digits(kilobytesEach(before.workflowHeap, after.workflowHeap, count))} KB`,
      `${digits(kilobytesEach(before.mainHeap, after.mainHeap, count))} KB`,
      `${digits(kilobytesEach(before.rss, after.rss, count))} KB`,
      String(after.cached - before.cached),
    ];
    return {
      title: `a worker's memory with ${count} open builds in its cache`,
      notes: [
        TUNED,
        'heapUsed of all threads after two collections, the reusable V8 context included; builds wait in discovery',
      ],
      columns: ['', 'heap before', 'heap after', 'each, workflow thread', 'each, main thread', 'rss each', 'cached'],
      rows: [row('bare waiting workflow', bare), row('build', build)],
      figures: [
        atMost('memory: heap of an open build', 60, kilobytesEach(heap(build.before), heap(build.after), count), ' KB'),
        exactly('memory: open builds not in the cache', 0, count - (build.after.cached - build.before.cached)),
      ],
    };
  },
};

function heap({ mainHeap, workflowHeap }: HeapReport): number {
  return mainHeap + workflowHeap;
}

function kilobytesEach(before: number, after: number, count: number): number {
  return (after - before) / count / 1_000;
}

async function measure(side: Side, count: number): Promise<{ before: HeapReport; after: HeapReport }> {
  const stage = await setStage({ env: { MAX_CACHED_WORKFLOWS: String(count * 2) } });
  const env = {
    ...{ TEMPORAL_ADDRESS: stage.server.address, DATA_DIR: stage.config.dataDir },
    ...{ BENCH_BUNDLE: await bundleFile(stage.folder), MAX_CACHED_WORKFLOWS: String(count * 2) },
  };
  const nodeArgs = ['--expose-gc', '--require', 'tsx/cjs', '--require', require.resolve('./heap-probe')];
  const worker = await startProgram(require.resolve('./memory-worker'), env, { nodeArgs, ipc: true });
  // The first builds also create the V8 context, the project's ledger and the compiled code, so they are not measured.
  await startOpenBuilds(stage, side, 20, 'first');
  const before = await readSettledHeap(worker, 20);
  await startOpenBuilds(stage, side, count, 'then');
  const after = await readSettledHeap(worker, before.cached + count);
  if (after.threads === 0) throw new Error('the workflow thread did not tell its heap');
  await worker.stop();
  return { before, after };
}

async function startOpenBuilds(stage: Stage, side: Side, count: number, label: string): Promise<void> {
  const { taskQueue } = stage.config.temporal;
  await runConcurrently(count, 16, (index) =>
    side === 'build'
      ? startBuild(stage, { roles: ALL_EXTERNAL })
      : stage.client.workflow.start('bareWaitingWorkflow', { workflowId: `${label}-${index}`, taskQueue, args: [] }),
  );
}

/** Gives the heap after all workflows are in the cache and the worker is idle. */
async function readSettledHeap(worker: Program, atLeast: number): Promise<HeapReport> {
  await waitUntil(
    () => readHeap(worker),
    ({ cached }) => cached >= atLeast,
    120_000,
  );
  await pause(1_500);
  return readHeap(worker);
}

async function readHeap({ child }: Program): Promise<HeapReport> {
  const message = once(child, 'message');
  child.send('tell');
  return (await message)[0] as HeapReport;
}
