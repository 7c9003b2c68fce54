/**
 * Feeds the readers of foreign text with a fixed sample of texts that could slow them down. `npm run fuzz` feeds all texts, each of 1 MB,
 * to all readers.
 */
import { rowsWithoutReader, unfedReaders } from './fuzz/readers';
import { allTrials, describeTrial, feed } from './fuzz/run';
import type { Trial } from './fuzz/thread';

const CHARS = 1_000_000;
/** `npm run fuzz` allows one second. On a busy machine caches are cold, and the processor takes twice as long. */
const MAX_MS = 2_500;
/** Wall-clock time: a busy machine feeds fewer texts, but each reader gets one before any reader gets a second one. */
const DURATION_MS = 30_000;

test('S1: the table lists every reader that src/inspect exports, and no other', () => {
  expect(unfedReaders()).toEqual([]);
  expect(rowsWithoutReader()).toEqual([]);
});

test('S1: every reader reads 1 MB of a hostile text in time', async () => {
  // Set after the first text, since a busy machine takes long to start the thread.
  let endsAt: number | undefined;
  const slow: string[] = [];
  let fedCount = 0;
  await feed(roundRobin(allTrials(CHARS, (id) => !PARSING_READERS.test(id))), ({ trial, ms, error }) => {
    fedCount += 1;
    endsAt ??= Date.now() + DURATION_MS;
    if (ms === null || ms > MAX_MS) slow.push(`${describeTrial(trial)}: ${ms === null ? 'ended' : Math.round(ms)} ms`);
    if (error !== undefined) slow.push(`${describeTrial(trial)}: ${error}`);
    return Date.now() < endsAt;
  });
  expect(slow).toEqual([]);
  expect(fedCount).toBeGreaterThan(20);
});

/** These readers have the limit of the parser, five seconds a text, and run only in threads. */
const PARSING_READERS = /^(?:units|wiring)\//;

/** One trial of each reader, then another of each. The two primes reach all paths, seeds and arrangements. */
function roundRobin(trials: readonly Trial[]): Trial[] {
  const byReader = grouped(trials);
  const rounds = 40;
  return Array.from({ length: rounds }, (_, round) =>
    [...byReader.values()].flatMap(
      (ownTrials, at) => ownTrials[(round * 7_919 + at * 104_729) % ownTrials.length] ?? [],
    ),
  ).flat();
}

function grouped(trials: readonly Trial[]): Map<string, Trial[]> {
  const groups = new Map<string, Trial[]>();
  for (const one of trials) {
    const ownTrials = groups.get(one.reader);
    if (ownTrials === undefined) groups.set(one.reader, [one]);
    else ownTrials.push(one);
  }
  return groups;
}
