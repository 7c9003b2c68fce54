/**
 * Feeds the readers of foreign text with a fixed sample of texts that could slow them down. `npm run fuzz` feeds all texts, each of 1 MB,
 * to all readers.
 */
import { gone, unfed } from './fuzz/readers';
import { allTrials, describeTrial, feed } from './fuzz/run';
import type { Trial } from './fuzz/thread';

const CHARS = 1_000_000;
/** `npm run fuzz` asks for a second. On a machine that does other work beside, caches are cold, and the processor takes twice as long. */
const MOST_MS = 2_500;
/** Of the clock: a busy machine feeds fewer of them, and every reader has its turn before any has a second one. */
const FOR_MS = 30_000;

test('S1: the table lists every reader that src/inspect exports, and no other', () => {
  expect(unfed()).toEqual([]);
  expect(gone()).toEqual([]);
});

test('S1: every reader reads 1 MB of a hostile text in time', async () => {
  // From the first one on: a busy machine takes long to start the thread.
  let until: number | undefined;
  const slow: string[] = [];
  let fed = 0;
  await feed(inTurns(allTrials(CHARS, (id) => !BY_PARSER.test(id))), ({ trial, ms, error }) => {
    fed += 1;
    until ??= Date.now() + FOR_MS;
    if (ms === null || ms > MOST_MS) slow.push(`${describeTrial(trial)}: ${ms === null ? 'ended' : Math.round(ms)} ms`);
    if (error !== undefined) slow.push(`${describeTrial(trial)}: ${error}`);
    return Date.now() < until;
  });
  expect(slow).toEqual([]);
  expect(fed).toBeGreaterThan(20);
});

/** These have the parser's own limit, five seconds a text, and run in threads only. */
const BY_PARSER = /^(?:units|wiring)\//;

/** One of each reader, then another of each, by steps that meet all paths, seeds and shapes. */
function inTurns(trials: readonly Trial[]): Trial[] {
  const byReader = grouped(trials);
  const rounds = 40;
  return Array.from({ length: rounds }, (_, round) =>
    [...byReader.values()].flatMap((own, at) => own[(round * 7_919 + at * 104_729) % own.length] ?? []),
  ).flat();
}

function grouped(trials: readonly Trial[]): Map<string, Trial[]> {
  const found = new Map<string, Trial[]>();
  for (const one of trials) {
    const own = found.get(one.reader);
    if (own === undefined) found.set(one.reader, [one]);
    else own.push(one);
  }
  return found;
}
