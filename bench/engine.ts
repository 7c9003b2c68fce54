/**
 * Bench `engine`: compares a build with a bare Temporal workflow of as many steps, on the same server.
 *
 * Both sides alternate in one run, so that other load on the machine affects both.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL_LLM, runConcurrently, startBuild } from './builds';
import { cannedActivities } from './canned';
import { cpuMs } from './cpu';
import { atLeast, atMost, digits, spreadCells, spreadOf, SPREAD_COLUMNS } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';
import { makeFolder, setStage, STOCK, TUNED } from './stage';
import type { Stage } from './stage';

type Side = 'bare' | 'build';
const SIDES: readonly Side[] = ['bare', 'build'];

interface Measured {
  oneMs: number[];
  perSecond: number[];
  serverCpuMs: number;
  workerCpuMs: number;
  events: number;
}

export const engine: Bench = {
  name: 'engine',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const tuned = await setStage();
    await tuned.startWorker(activities(tuned));
    const results = { bare: empty(), build: empty() };
    await measureOneAtATime(tuned, results, quick ? 15 : 40);
    await measureSixteenAtOnce(tuned, results, quick ? 1 : 3, quick ? 48 : 50);
    const stock = await measureStock(quick ? 8 : 30);
    const encrypted = await measureWithKeys(quick ? 8 : 30);
    return sheetOf(results, stock, encrypted);
  },
};

function activities({ deps }: Stage) {
  return { ...cannedActivities(deps), step: async () => undefined };
}

async function measureStock(count: number): Promise<Record<Side, Measured>> {
  const stage = await setStage({ stock: true });
  const stop = await stage.startWorker(activities(stage));
  const both = { bare: empty(), build: empty() };
  await measureOneAtATime(stage, both, count);
  await stop();
  await stage.server.stop();
  return both;
}

/** Measures with encrypted payloads, by a key that is made for this run. */
async function measureWithKeys(count: number): Promise<Record<Side, Measured>> {
  const file = join(await makeFolder(), 'payload-keys');
  await writeFile(file, `bench ${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const stage = await setStage({ env: { PAYLOAD_KEYS_FILE: file } });
  const stop = await stage.startWorker(activities(stage));
  const both = { bare: empty(), build: empty() };
  await measureOneAtATime(stage, both, count);
  await stop();
  await stage.server.stop();
  return both;
}

async function measureOneAtATime(stage: Stage, both: Record<Side, Measured>, count: number): Promise<void> {
  // The first runs are slower, because they fill caches and compile code.
  for (const side of [...SIDES, ...SIDES, ...SIDES]) await runOne(stage, side);
  for (let round = 0; round < count; round++) {
    for (const side of round % 2 === 0 ? SIDES : [...SIDES].reverse()) {
      const { ms, events } = await runOne(stage, side);
      both[side].oneMs.push(ms);
      both[side].events = events;
    }
  }
}

async function measureSixteenAtOnce(
  stage: Stage,
  both: Record<Side, Measured>,
  rounds: number,
  count: number,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? SIDES : [...SIDES].reverse()) {
      const before = { at: performance.now(), server: cpuMs(stage.server.pid), worker: cpuMs(process.pid) };
      await runConcurrently(count, 16, async () => (await start(stage, side)).result());
      both[side].perSecond.push((count / (performance.now() - before.at)) * 1_000);
      both[side].serverCpuMs += (cpuMs(stage.server.pid) - before.server) / count / rounds;
      both[side].workerCpuMs += (cpuMs(process.pid) - before.worker) / count / rounds;
    }
  }
}

async function runOne(stage: Stage, side: Side): Promise<{ ms: number; events: number }> {
  const began = performance.now();
  const handle = await start(stage, side);
  await handle.result();
  const ms = performance.now() - began;
  return { ms, events: (await handle.describe()).historyLength };
}

let started = 0;

function start(stage: Stage, side: Side) {
  if (side === 'build') return startBuild(stage, { roles: ALL_LLM });
  const { taskQueue } = stage.config.temporal;
  return stage.client.workflow.start('bareWorkflow', { workflowId: `bare-${++started}`, taskQueue, args: [] });
}

function empty(): Measured {
  return { oneMs: [], perSecond: [], serverCpuMs: 0, workerCpuMs: 0, events: 0 };
}

function sheetOf(
  tuned: Record<Side, Measured>,
  stock: Record<Side, Measured>,
  encrypted: Record<Side, Measured>,
): Sheet {
  const p50 = (measured: Measured) => spreadOf(measured.oneMs).p50;
  const rate = (measured: Measured) => spreadOf(measured.perSecond).p50;
  const row = (what: string, measured: Measured) => [
    what,
    ...spreadCells(measured.oneMs),
    measured.perSecond.length === 0 ? '' : `${digits(rate(measured))}/s (${measured.perSecond.map(digits).join(' ')})`,
    measured.perSecond.length === 0 ? '' : `${digits(measured.serverCpuMs)} + ${digits(measured.workerCpuMs)} ms`,
    String(measured.events),
  ];
  return {
    title: 'a 6-phase build with no-op roles against a bare workflow of 6 no-op activities',
    notes: [
      `tuned: ${TUNED}`,
      `stock: ${STOCK}; it has the search attributes of builds too`,
      'one worker, same settings for both; times from start to result; CPU is server + this process (worker and client), a build',
    ],
    columns: ['', ...SPREAD_COLUMNS, 'at 16 in flight (rounds)', 'CPU', 'events'],
    rows: [
      row('bare, tuned', tuned.bare),
      row('build, tuned', tuned.build),
      row('bare, stock', stock.bare),
      row('build, stock', stock.build),
      row('bare, payload keys', encrypted.bare),
      row('build, payload keys', encrypted.build),
    ],
    figures: [
      atMost('engine: build / bare, p50 at one in flight', 1.3, p50(tuned.build) / p50(tuned.bare), 'x'),
      atLeast('engine: build / bare, throughput at 16', 0.75, rate(tuned.build) / rate(tuned.bare), 'x'),
      atLeast('engine: bare on stock / our build on tuned, p50', 4, p50(stock.bare) / p50(tuned.build), 'x'),
      atLeast('engine: our build on stock / on tuned, p50', 4, p50(stock.build) / p50(tuned.build), 'x'),
      atMost('engine: our build with payload keys / without, p50', 1.15, p50(encrypted.build) / p50(tuned.build), 'x'),
    ],
  };
}
