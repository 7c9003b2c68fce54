/**
 * Runs in a worker thread: feeds readers with one text after another, and reports the start and the processor time of each.
 *
 * Each text is fed in growing sizes. It stops as soon as the time for the whole text would stay below half a second even with quadratic
 * growth: feeding all of about 800,000 texts of 1 MB would take days.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { allReaders } from './readers';
import { mixtureOf, SEEDS, ARRANGEMENTS } from './seeds';
import type { Arrangement } from './seeds';
import type { Reader } from './types';

/** The limit of processor time for a complete text. */
export const MAX_MS = 1_000;

/** `seed`: an index in `SEEDS`; a negative number is a mixture of seeds. */
export interface Trial {
  reader: string;
  path: string;
  seed: number;
  arrangement: Arrangement;
  /** The size of the largest text. */
  chars: number;
}

/** The measurement at the size that took longest. */
export interface Measured {
  ms: number;
  chars: number;
  error?: string;
}

/** Sizes that are fed before the whole: two of them are just below limits of some readers. */
const STEPS_CHARS = [50_000, 200_000, 290_000, 510_000];
/** Half of the time that a quadratic reader may take at this size. A reader that stays below it is not fed with the next size. */
const mayTakeMs = (chars: number, whole: number): number => (MAX_MS / 2) * (chars / whole) ** 2;

export function textOf({ seed, arrangement }: Trial, chars: number): string {
  return seed < 0 ? mixtureOf(-seed, chars) : ARRANGEMENTS[arrangement](SEEDS[seed] ?? '', chars);
}

async function measure({ feed }: Reader, trial: Trial): Promise<Measured> {
  const sizes = [...STEPS_CHARS.filter((size) => size < trial.chars), trial.chars];
  let worst: Measured = { ms: 0, chars: 0 };
  for (const chars of sizes) {
    const text = textOf(trial, chars);
    const before = process.cpuUsage();
    let error: string | undefined;
    try {
      await feed(text, trial.path);
    } catch (thrown) {
      error = String(thrown);
    }
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1_000;
    if (ms >= worst.ms || error !== undefined) worst = { ms, chars, ...(error === undefined ? {} : { error }) };
    if (error !== undefined || ms < mayTakeMs(chars, trial.chars)) break;
  }
  return worst;
}

async function run(trials: Trial[], from: number): Promise<void> {
  const readers = new Map(allReaders().map((one) => [one.id, one]));
  for (let at = from; at < trials.length; at += 1) {
    const trial = trials[at] as Trial;
    const reader = readers.get(trial.reader);
    if (reader === undefined) continue;
    parentPort?.postMessage({ begun: at });
    parentPort?.postMessage({ done: at, ...(await measure(reader, trial)) });
  }
}

const { trials, from } = (workerData ?? { trials: [], from: 0 }) as { trials: Trial[]; from: number };
void run(trials, from);
