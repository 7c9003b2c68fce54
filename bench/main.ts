/**
 * `npm run bench [name...] [--quick] [--rounds N] [--json file]`: runs the benches and prints their figures.
 *
 * The exit code is 1 only where work was lost, done twice or counted wrongly; a missed time aim is printed.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import { cleanUp, cleanUpOnSignals } from './cleanup';
import { engine } from './engine';
import { experiments } from './experiments';
import { faults } from './faults/faults';
import type { Bench, BenchOptions, Figure, Sheet } from './figures';
import { gates } from './gates';
import { history } from './history';
import { inflight } from './inflight';
import { memory } from './memory';
import { overhead } from './overhead';
import { printFigures, printSheet } from './print';
import { reads } from './reads';
import { sandbox } from './sandbox';
import { stats } from './stats';
import { watchEventLoop } from '../src/programs/event-loop-watch';

const BENCHES: readonly Bench[] = [
  ...[engine, overhead, history, reads, stats, memory, sandbox, gates, experiments, inflight, faults],
];

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, json: { type: 'string' } },
  });
  const chosenBenches = positionals.length === 0 ? BENCHES : positionals.map(findBench);
  const quick = values.quick ?? false;
  const options: BenchOptions = { quick, rounds: Number(values.rounds ?? (quick ? 2 : 5)) };
  if (!Number.isInteger(options.rounds) || options.rounds < 1) throw new Error('--rounds must be a whole number');
  process.stdout.write(`${cpus().length} x ${cpus()[0]?.model.trim()}, node ${process.version}\n`);
  const sheets: Record<string, Sheet> = {};
  let failedCount = 0;
  const watch = watchEventLoop({ warn: () => undefined });
  for (const { name, run } of chosenBenches) {
    const began = performance.now();
    watch.takeWorstMs();
    try {
      const sheet = await run(options);
      sheets[name] = sheet;
      printSheet(name, sheet, (performance.now() - began) / 1_000);
      process.stdout.write(`worst stop of this process's event loop: ${watch.takeWorstMs()} ms\n`);
    } catch (error) {
      failedCount += 1;
      process.stdout.write(`\n${name}: broken off: ${error instanceof Error ? error.stack : String(error)}\n`);
    } finally {
      await cleanUp();
    }
  }
  const figures = Object.values(sheets).flatMap((sheet) => sheet.figures);
  printFigures(figures);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(sheets, null, 2)}\n`);
  return failedCount > 0 || figures.some(failsTheRun) ? 1 : 0;
}

function findBench(name: string): Bench {
  const found = BENCHES.find((bench) => bench.name === name);
  if (found) return found;
  throw new Error(`there is no bench "${name}": ${BENCHES.map((bench) => bench.name).join(', ')}`);
}

function failsTheRun({ kind, holds }: Figure): boolean {
  return kind === 'correctness' && !holds;
}

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  shutdownSignals: [],
  // On a busy machine Temporal's Core SDK warns of slow workflow tasks, line by line, into the tables.
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
});
cleanUpOnSignals();
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
