/** Feeds readers in a thread of its own, one after the other, and says what each began and how long the processor was busy. */
import { parentPort, workerData } from 'node:worker_threads';
import { allReaders } from './readers';
import { mixed, SEEDS, SHAPES } from './seeds';
import type { Shape } from './seeds';

/** `seed`: one of `SEEDS` by its place; below zero a mixture. */
export interface Trial {
  reader: string;
  path: string;
  seed: number;
  shape: Shape;
  chars: number;
}

export function textOf({ seed, shape, chars }: Trial): string {
  return seed < 0 ? mixed(-seed, chars) : SHAPES[shape](SEEDS[seed] ?? '', chars);
}

async function run(trials: Trial[], from: number): Promise<void> {
  const readers = new Map(allReaders().map((one) => [one.id, one]));
  for (let at = from; at < trials.length; at += 1) {
    const trial = trials[at] as Trial;
    const text = textOf(trial);
    const reader = readers.get(trial.reader);
    parentPort?.postMessage({ begun: at });
    const before = process.cpuUsage();
    let error: string | undefined;
    try {
      await reader?.feed(text, trial.path);
    } catch (thrown) {
      error = String(thrown);
    }
    const { user, system } = process.cpuUsage(before);
    parentPort?.postMessage({ done: at, ms: (user + system) / 1_000, error });
  }
}

const { trials, from } = (workerData ?? { trials: [], from: 0 }) as { trials: Trial[]; from: number };
void run(trials, from);
