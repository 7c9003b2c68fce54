/**
 * Bench `sandbox`: measures how long an empty sandbox takes to start and end, alternating with a bare child process.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../src/ports/sandbox';
import { createBubblewrap } from '../src/adapters/sandbox/bubblewrap';
import { timeChild } from './bare-child';
import { atMost, spreadCells, SPREAD_COLUMNS, spreadOf } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';

const WARM_UP = 3;

export const sandbox: Bench = {
  name: 'sandbox',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const rounds = quick ? 20 : 100;
    const times = { bare: [] as number[], held: [] as number[], whole: [] as number[] };
    const bubblewrap = createBubblewrap();
    await bubblewrap.withScratch(async (folder) => {
      const sides = [
        [times.bare, () => timeChild('/usr/bin/env', ['true'])],
        [times.held, () => timed(() => runTrue(bubblewrap, folder))],
        [times.whole, () => timed(() => bubblewrap.withScratch((own) => runOnFile(bubblewrap, own)))],
      ] as const;
      // The first ones find the programs and fill the caches.
      for (let round = -WARM_UP; round < rounds; round += 1) {
        for (const [timesMs, measure] of sides) {
          const ms = await measure();
          if (round >= 0) timesMs.push(ms);
        }
      }
    });
    return {
      title: `a sandbox with nothing in it, ${rounds} times`,
      notes: [
        'bubblewrap with all its restrictions: namespaces, limits, system call filter, a user of its own, the watch',
      ],
      columns: ['side', ...SPREAD_COLUMNS],
      rows: [
        ['bare child process', ...spreadCells(times.bare)],
        ['in the sandbox', ...spreadCells(times.held)],
        ['and a folder made, filled, given to its user, removed', ...spreadCells(times.whole)],
      ],
      figures: [
        atMost('sandbox: start and end, p50', 50, spreadOf(times.held).p50, ' ms'),
        atMost('sandbox: with a folder of its own, p50', 50, spreadOf(times.whole).p50, ' ms'),
      ],
    };
  },
};

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function runTrue(bubblewrap: Sandbox, folder: string): Promise<void> {
  const { exitCode } = await bubblewrap.run({ folder, command: ['true'], timeoutMs: 10_000 });
  if (exitCode !== 0) throw new Error(`true ended with ${exitCode} in the sandbox`);
}

async function runOnFile(bubblewrap: Sandbox, folder: string): Promise<void> {
  await writeFile(join(folder, 'index.html'), '<h1>hello</h1>');
  await runTrue(bubblewrap, folder);
}
