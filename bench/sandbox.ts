/**
 * Bench `sandbox`: how long a sandbox takes to start and end with nothing in it, in turns with a bare child process.
 */
import { createBubblewrap } from '../src/adapters/sandbox/bubblewrap';
import { timeChild } from './bare-child';
import { atMost, spreadCells, SPREAD_COLUMNS, spreadOf } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';

export const sandbox: Bench = {
  name: 'sandbox',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const rounds = quick ? 20 : 100;
    const held = createBubblewrap();
    const times = await held.withScratch(async (folder) => {
      const once = async (): Promise<number> => {
        const startedAt = performance.now();
        const { exitCode } = await held.run({ folder, command: ['true'], timeoutMs: 10_000 });
        if (exitCode !== 0) throw new Error(`true ended with ${exitCode} in the sandbox`);
        return performance.now() - startedAt;
      };
      const bare = () => timeChild('/usr/bin/env', ['true']);
      // The first ones find the programs and fill the caches.
      for (let round = 0; round < 3; round += 1) await Promise.all([once(), bare()]);
      const inTurns = { sandbox: [] as number[], bare: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        inTurns.bare.push(await bare());
        inTurns.sandbox.push(await once());
      }
      return inTurns;
    });
    return {
      title: `a sandbox with nothing in it, ${rounds} times`,
      notes: ['bubblewrap with all it holds by: namespaces, limits, system call filter, a user of its own, the watch'],
      columns: ['side', ...SPREAD_COLUMNS],
      rows: [
        ['bare child process', ...spreadCells(times.bare)],
        ['in the sandbox', ...spreadCells(times.sandbox)],
      ],
      figures: [atMost('sandbox: start and end, p50', 50, spreadOf(times.sandbox).p50, ' ms')],
    };
  },
};
