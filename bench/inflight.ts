/**
 * Bench `inflight`: runs many builds at once on one worker, with real git, sandbox and releases, and checks that none is lost or
 * counted wrongly.
 */
import { WorkflowFailedError } from '@temporalio/client';
import { projectWorkflowId, statsQuery } from '../src/workflows/messages';
import { ALL_LLM, startBuild, waitUntil } from './builds';
import { makeRepository, writeScript } from './example';
import { digits, exactly, spreadCells, SPREAD_COLUMNS } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';
import { makeFolder, setStage, TUNED } from './stage';

export const inflight: Bench = {
  name: 'inflight',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const count = quick ? 20 : 200;
    const folder = await makeFolder();
    const repository = makeRepository(folder);
    const stage = await setStage({
      env: { MODEL: writeScript(folder, { delayMs: 50, rework: false, addTests: false }) },
    });
    const stop = await stage.startWorker();
    const began = performance.now();
    const handles = await Promise.all(
      Array.from({ length: count }, () =>
        startBuild(stage, { projectId: 'crowd', roles: ALL_LLM, request: { repository: { path: repository } } }),
      ),
    );
    const latencies: number[] = [];
    const ends = await Promise.all(
      handles.map(async (handle) => {
        const status = await Promise.race([endOf(handle), waitForLimit()]);
        latencies.push((performance.now() - began) / 1_000);
        return status;
      }),
    );
    const seconds = (performance.now() - began) / 1_000;
    const complete = ends.filter((status) => status === 'complete').length;
    const ledger = stage.client.workflow.getHandle(projectWorkflowId('crowd'));
    const sums = await waitUntil(
      () => ledger.query(statsQuery),
      ({ completed }) => completed >= complete,
      30_000,
    );
    await stop();
    return {
      title: `${count} builds in flight on one worker`,
      notes: [
        `${TUNED}; scripted model (50 ms a call), real git, sandboxed tests and releases; ${count} started at once`,
      ],
      columns: ['builds', 'complete', 'time', 'rate', ...SPREAD_COLUMNS.map((name) => `${name} of a build`)],
      rows: [
        [
          ...[String(count), String(complete), `${digits(seconds)} s`, `${digits(count / seconds)}/s`],
          ...spreadCells(latencies, 's'),
        ],
      ],
      figures: [
        exactly('inflight: builds not complete', 0, count - complete),
        exactly('inflight: builds the ledger counts', count, sums.total),
        exactly('inflight: completed builds the ledger counts', count, sums.completed),
      ],
    };
  },
};

/** Long enough for a busy machine. A build that is open after this time counts as not complete. */
const LIMIT_MS = 600_000;

async function endOf(handle: Awaited<ReturnType<typeof startBuild>>): Promise<string> {
  try {
    return (await handle.result()).status;
  } catch (error) {
    if (error instanceof WorkflowFailedError) return 'failed';
    throw error;
  }
}

function waitForLimit(): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('too long'), LIMIT_MS).unref());
}
