/**
 * `npm run fuzz [words...]`: every reader of foreign text with 1 MB of every seed; words choose readers by their names. It prints each
 * one that needs more than a second of the processor, and ends with 1 if there is one. The whole takes hours.
 */
import { allTrials, describeTrial, feed } from './run';

const CHARS = 1_000_000;
const MOST_MS = 1_000;

async function main(words: string[]): Promise<number> {
  const trials = allTrials(CHARS, (id) => words.length === 0 || words.some((word) => id.includes(word)));
  process.stdout.write(`${trials.length} texts\n`);
  let slow = 0;
  await feed(trials, ({ trial, ms, error }, at) => {
    const isSlow = ms === null || ms > MOST_MS;
    if (isSlow) slow += 1;
    if (isSlow || error !== undefined)
      process.stdout.write(
        `${ms === null ? 'ended' : `${Math.round(ms)} ms`} ${describeTrial(trial)} ${error ?? ''}\n`,
      );
    if (at % 5_000 === 4_999) process.stdout.write(`${at + 1} texts, ${slow} too slow\n`);
    return true;
  });
  process.stdout.write(`${slow} of ${trials.length} texts need more than ${MOST_MS} ms\n`);
  return slow === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
