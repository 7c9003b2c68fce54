/**
 * Feeds readers in a thread and measures them by the processor. One that does not come back is ended, and the next one is fed.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { allReaders } from './readers';
import { SEEDS, SHAPES } from './seeds';
import type { Shape } from './seeds';
import type { Trial } from './thread';

/** A reader that has not come back by then is ended; a busy machine alone must not reach it. */
const GIVEN_UP_MS = 60_000;
const MIXTURES = 12;

export interface Fed {
  trial: Trial;
  /** Of the processor; null where it did not come back. */
  ms: number | null;
  /** What it threw. */
  error?: string;
}

/** All of them: each reader as each of its paths, with each seed in each shape, and mixtures. */
export function allTrials(chars: number, isWanted: (id: string) => boolean = () => true): Trial[] {
  const seeds = [...SEEDS.keys(), ...Array.from({ length: MIXTURES }, (_, at) => -1 - at)];
  const shapes = Object.keys(SHAPES) as Shape[];
  return allReaders()
    .filter(({ id }) => isWanted(id))
    .flatMap(({ id, paths }) =>
      paths.flatMap((path) =>
        seeds.flatMap((seed) =>
          (seed < 0 ? shapes.slice(0, 1) : shapes).map((shape) => ({ reader: id, path, seed, shape, chars })),
        ),
      ),
    );
}

/** `told` is asked after each: false ends it. */
export async function feed(trials: readonly Trial[], told: (fed: Fed, at: number) => boolean): Promise<void> {
  let from = 0;
  while (from < trials.length) {
    const next = await feedFrom(trials, from, told);
    if (next === undefined) return;
    from = next;
  }
}

/** The place to go on from; undefined where it was ended. */
function feedFrom(
  trials: readonly Trial[],
  from: number,
  told: (fed: Fed, at: number) => boolean,
): Promise<number | undefined> {
  const thread = new Worker(join(__dirname, 'thread.ts'), {
    workerData: { trials, from },
    execArgv: ['--require', require.resolve('tsx/cjs')],
  });
  return new Promise((resolve, reject) => {
    let at = from;
    let timer: NodeJS.Timeout | undefined;
    const end = (next: number | undefined): void => {
      clearTimeout(timer);
      void thread.terminate().then(() => resolve(next));
    };
    const tell = (fed: Omit<Fed, 'trial'>): boolean => told({ trial: trials[at] as Trial, ...fed }, at);
    thread.on('message', (said: { begun: number } | { done: number; ms: number; error?: string }) => {
      if ('begun' in said) {
        at = said.begun;
        timer = setTimeout(() => end(tell({ ms: null }) ? at + 1 : undefined), GIVEN_UP_MS);
        return;
      }
      clearTimeout(timer);
      const goesOn = tell({ ms: said.ms, ...(said.error === undefined ? {} : { error: said.error }) });
      if (!goesOn || said.done === trials.length - 1) end(goesOn ? trials.length : undefined);
    });
    thread.on('error', reject);
  });
}

export function describeTrial({ reader, path, seed, shape }: Trial): string {
  return `${reader} of ${path}: ${seed < 0 ? `mixture ${-seed}` : `${JSON.stringify(SEEDS[seed])}, ${shape}`}`;
}
