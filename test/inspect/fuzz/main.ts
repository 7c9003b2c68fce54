/**
 * Runs as `npm run fuzz [words...]`. It feeds every reader of foreign text with 1 MB of every seed; the words select readers by name. It
 * prints each text that takes more than a second of processor time, and exits with 1 if there is one. A complete run takes hours:
 * `--part 3/64` feeds one of 64 parts, each with all readers. `--write` writes the measurements to docs/fuzz.md.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pageOf, createTally } from './report';
import { allTrials, describeTrial, feed, partOf } from './run';
import { MAX_MS } from './thread';

const CHARS = 1_000_000;
const REPORT_EVERY = 5_000;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { part: { type: 'string', default: '1/1' }, write: { type: 'boolean', default: false } },
  });
  const [part = 1, parts = 1] = values.part.split('/').map(Number);
  if (!(part >= 1 && part <= parts))
    throw new Error(`--part ${values.part}: give two numbers, such as 3/64, the first no larger than the second`);
  const isWanted = (id: string): boolean => positionals.length === 0 || positionals.some((word) => id.includes(word));
  const trials = partOf(allTrials(CHARS, isWanted), part, parts);
  process.stdout.write(`${trials.length} texts\n`);
  const tally = createTally(MAX_MS);
  await feed(trials, (result, at) => {
    tally.add(result);
    const { trial, ms, chars, error } = result;
    if (ms === null || ms > MAX_MS || error !== undefined)
      process.stdout.write(
        `${ms === null ? 'ended' : `${Math.round(ms)} ms for ${chars} characters:`} ${describeTrial(trial)} ${error ?? ''}\n`,
      );
    if (at % REPORT_EVERY === REPORT_EVERY - 1)
      process.stdout.write(`${at + 1} texts, ${tally.slow().length} too slow\n`);
    return true;
  });
  process.stdout.write(`${tally.slow().length} of ${trials.length} texts need more than ${MAX_MS} ms\n`);
  if (values.write) {
    const command = ['npm run fuzz --', ...process.argv.slice(2)].join(' ');
    writeFileSync(join(__dirname, '../../../docs/fuzz.md'), await pageOf(tally, { command, mostMs: MAX_MS }));
  }
  return tally.slow().length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
