/**
 * How long a sandbox takes to start and end, with nothing in it.
 */
import { createBubblewrap } from '../src/adapters/sandbox/bubblewrap';

/** Milliseconds. */
export interface SandboxFigures {
  p50: number;
  p95: number;
}

/** Prints one line. The first run finds the programs, so it is not counted. */
export async function benchSandbox(runs = 40): Promise<SandboxFigures> {
  const sandbox = createBubblewrap();
  const times = await sandbox.withScratch(async (folder) => {
    const once = async (): Promise<number> => {
      const startedAt = performance.now();
      await sandbox.run({ folder, command: ['true'], timeoutMs: 10_000 });
      return performance.now() - startedAt;
    };
    await once();
    const measured: number[] = [];
    for (let run = 0; run < runs; run += 1) measured.push(await once());
    return measured.sort((a, b) => a - b);
  });
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
  const figures = { p50: at(0.5), p95: at(0.95) };
  process.stdout.write(`sandbox start: p50 ${figures.p50.toFixed(1)} ms, p95 ${figures.p95.toFixed(1)} ms\n`);
  return figures;
}
