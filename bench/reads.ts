/**
 * Bench `reads`: compares `GET status` of open builds, without a worker, with the bare `describe` that it uses.
 *
 * The API runs in its own process, as with `npm run api`; this process calls both sides, 16 requests at a time.
 */
import { Pool } from 'undici';
import { ALL_EXTERNAL, runConcurrently, startBuild, waitUntil } from './builds';
import { cpuMs } from './cpu';
import { atLeast, digits, exactly, spreadCells, spreadOf, SPREAD_COLUMNS } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';
import { startProgram } from './programs';
import { setStage, TUNED } from './stage';
import type { Stage } from './stage';

const CONNECTIONS = 16;

interface Round {
  perSecond: number;
  latencyMs: number[];
  serverCpuMs: number;
}

export const reads: Bench = {
  name: 'reads',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const [open, seconds, rounds] = quick ? [200, 2, 2] : [1_000, 3, 4];
    const stage = await setStage();
    const ids = await openBuilds(stage, open);
    const env = { TEMPORAL_ADDRESS: stage.server.address, DATA_DIR: stage.config.dataDir, PORT: '0' };
    const api = await startProgram('src/programs/api.ts', { ...env, LOG_LEVEL: 'warn' });
    const url = api.ready.split(' ')[1] ?? '';
    const pool = new Pool(url, { connections: CONNECTIONS });
    const status = (id: string) => ask(pool, `/api/workflows/${id}/status`);
    const describe = (id: string) => stage.client.workflow.getHandle(id).describe();
    const wrong = await countWrong(ids, status);
    const measured = { status: [] as Round[], describe: [] as Round[] };
    await measure(stage, ids, describe, 1);
    await measure(stage, ids, status, 1);
    for (let round = 0; round < rounds; round++) {
      measured.describe.push(await measure(stage, ids, describe, seconds));
      measured.status.push(await measure(stage, ids, status, seconds));
    }
    await pool.close();
    await api.stop();
    return sheetOf(open, wrong, measured);
  },
};

/** Starts builds and lets a worker run them until they wait for their external roles; then the worker ends. */
async function openBuilds(stage: Stage, count: number): Promise<string[]> {
  const stop = await stage.startWorker();
  const ids: string[] = [];
  await runConcurrently(count, 16, async () => {
    ids.push((await startBuild(stage, { roles: ALL_EXTERNAL })).workflowId);
  });
  const lengths = async () => {
    const last = await stage.client.workflow.getHandle(ids.at(-1) as string).describe();
    return last.historyLength;
  };
  await waitUntil(lengths, (length) => length > 3, 120_000);
  await stop();
  return ids;
}

async function measure(stage: Stage, ids: string[], readOne: (id: string) => Promise<unknown>, seconds: number) {
  const latencyMs: number[] = [];
  const cpuBefore = cpuMs(stage.server.pid);
  const began = performance.now();
  const end = began + seconds * 1_000;
  let next = 0;
  const lane = async () => {
    while (performance.now() < end) {
      const askedAt = performance.now();
      await readOne(ids[next++ % ids.length] as string);
      latencyMs.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  const perSecond = (latencyMs.length / (performance.now() - began)) * 1_000;
  return { perSecond, latencyMs, serverCpuMs: (cpuMs(stage.server.pid) - cpuBefore) / latencyMs.length };
}

async function countWrong(ids: string[], status: (id: string) => Promise<string>): Promise<number> {
  let wrong = 0;
  await runConcurrently(ids.length, CONNECTIONS, async (index) => {
    const body = JSON.parse(await status(ids[index] as string)) as Record<string, unknown>;
    if (body.workflow_id !== ids[index] || body.current_state !== 'discovery') wrong += 1;
  });
  return wrong;
}

/** Uses a client that needs little CPU time, because it shares the cores with the API that is measured. */
async function ask(pool: Pool, path: string): Promise<string> {
  const { statusCode, body } = await pool.request({ path, method: 'GET' });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(text.slice(0, 300));
  return text;
}

function sheetOf(open: number, wrong: number, measured: Record<'status' | 'describe', Round[]>): Sheet {
  const rate = (rounds: Round[]) => spreadOf(rounds.map((round) => round.perSecond)).p50;
  const row = (what: string, rounds: Round[]) => [
    what,
    ...spreadCells(rounds.flatMap((round) => round.latencyMs)),
    `${digits(rate(rounds))}/s (${rounds.map((round) => digits(round.perSecond)).join(' ')})`,
    `${digits(spreadOf(rounds.map((round) => round.serverCpuMs)).p50)} ms`,
  ];
  return {
    title: `status reads with ${open} open builds and no worker`,
    notes: [TUNED, `${CONNECTIONS} at a time, in turns; the API is a process of its own (LOG_LEVEL=warn)`],
    columns: ['', ...SPREAD_COLUMNS, 'reads (rounds)', 'server CPU'],
    rows: [row('bare describe, gRPC', measured.describe), row('GET status, HTTP', measured.status)],
    figures: [
      atLeast('reads: GET status / bare describe', 0.8, rate(measured.status) / rate(measured.describe), 'x'),
      exactly('reads: wrong answers', 0, wrong),
    ],
  };
}
