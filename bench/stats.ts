/**
 * Bench `stats`: checks whether `GET stats` takes longer with the number of builds, and whether its sums are exact.
 */
import type { BuildReport } from '../src/domain/project';
import { projectWorkflowId, statsQuery } from '../src/workflows/messages';
import { waitUntil } from './builds';
import { atMost, exactly, spreadCells, spreadOf, SPREAD_COLUMNS } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';
import { startProgram } from './programs';
import { setStage, TUNED } from './stage';
import type { Stage } from './stage';

const PROJECT = 'counted';
/** The number of builds for each signal: two reports each, well below the limit of a payload. */
const BATCH = 250;

export const stats: Bench = {
  name: 'stats',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const sizes = quick ? [10, 100, 1_000] : [10, 100, 1_000, 10_000];
    const asks = quick ? 60 : 200;
    const stage = await setStage();
    await stage.startWorker();
    const env = { TEMPORAL_ADDRESS: stage.server.address, DATA_DIR: stage.config.dataDir, PORT: '0' };
    const api = await startProgram('src/programs/api.ts', { ...env, LOG_LEVEL: 'warn' });
    const url = `${api.ready.split(' ')[1]}/api/workflows/project/${PROJECT}/stats`;
    const latencies: number[][] = [];
    let wrong = 0;
    for (const [index, size] of sizes.entries()) {
      await record(stage, sizes[index - 1] ?? 0, size);
      // Warms up before each size, so that the first one is not slower.
      await latenciesOf(url, 20);
      latencies.push(await latenciesOf(url, asks));
      const answer = (await (await fetch(url)).json()) as Record<string, unknown>;
      if (answer.total_workflows !== size || answer.completed !== size || answer.in_progress !== 0) wrong += 1;
    }
    await api.stop();
    const p50 = (index: number) => spreadOf(latencies.at(index) ?? []).p50;
    return {
      title: 'GET /project/:id/stats by the number of recorded builds',
      notes: [
        TUNED,
        `${asks} requests one after the other at each size; API in its own process; the API answers by a Temporal query, which needs a running worker`,
      ],
      columns: ['builds', ...SPREAD_COLUMNS],
      rows: sizes.map((size, index) => [String(size), ...spreadCells(latencies[index] ?? [])]),
      figures: [
        atMost(`stats: p50 at ${sizes.at(-1)} builds / at ${sizes[0]}`, 1.3, p50(-1) / p50(0), 'x'),
        exactly('stats: sizes with wrong sums', 0, wrong),
      ],
    };
  },
};

async function record(stage: Stage, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += BATCH) {
    const reports: BuildReport[] = [];
    for (let index = first; index < Math.min(first + BATCH, to); index++) {
      const buildId = `b-${index}`;
      reports.push({ buildId, sequence: 0, kind: 'started' });
      reports.push({ buildId, sequence: 9, kind: 'completed', durationMs: 60_000, handoffs: 10 });
    }
    await stage.deps.ledger.report(PROJECT, reports);
  }
  const handle = stage.client.workflow.getHandle(projectWorkflowId(PROJECT));
  await waitUntil(
    () => handle.query(statsQuery),
    (sums) => sums.total === to,
    30_000,
  );
}

async function latenciesOf(url: string, count: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let asked = 0; asked < count; asked++) {
    const began = performance.now();
    const response = await fetch(url);
    await response.text();
    latencies.push(performance.now() - began);
    if (!response.ok) throw new Error(`stats answered ${response.status}`);
  }
  return latencies;
}
