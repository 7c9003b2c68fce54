/**
 * Feeds readers in a thread and measures their processor time. It stops a reader that does not return, and continues with the next one.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { allReaders } from './readers';
import { SEEDS, SHAPES } from './seeds';
import type { Shape } from './seeds';
import type { Measured, Trial } from './thread';

/** Processor time after which a reader is stopped. Waiting on a busy machine does not count. */
const GIVEN_UP_MS = 20_000;
const ASKED_EACH_MS = 500;
const MIXTURES = 12;

export interface Fed extends Pick<Measured, 'error' | 'chars'> {
  trial: Trial;
  /** Of the processor; null where it did not come back. */
  ms: number | null;
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

/** One part of many, the same each time, with all readers, paths, seeds and shapes in it. `part` counts from 1. */
export function partOf(trials: readonly Trial[], part: number, parts: number): Trial[] {
  return trials.filter((_, at) => (Math.imul(at, 2_654_435_761) >>> 8) % parts === part - 1);
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
    let begun: NodeJS.CpuUsage | undefined;
    const end = (next: number | undefined): void => {
      clearInterval(timer);
      void thread.terminate().then(() => resolve(next));
    };
    const tell = (fed: Omit<Fed, 'trial'>): boolean => told({ trial: trials[at] as Trial, ...fed }, at);
    const timer = setInterval(() => {
      if (begun === undefined) return;
      const { user, system } = process.cpuUsage(begun);
      if ((user + system) / 1_000 > GIVEN_UP_MS) end(tell({ ms: null, chars: 0 }) ? at + 1 : undefined);
    }, ASKED_EACH_MS);
    thread.on('message', (said: { begun: number } | ({ done: number } & Measured)) => {
      if ('begun' in said) {
        at = said.begun;
        begun = process.cpuUsage();
        return;
      }
      begun = undefined;
      const { done, ...measured } = said;
      const goesOn = tell(measured);
      if (!goesOn || done === trials.length - 1) end(goesOn ? trials.length : undefined);
    });
    thread.on('error', reject);
  });
}

export function describeTrial({ reader, path, seed, shape }: Trial): string {
  return `${reader} of ${path}: ${seed < 0 ? `mixture ${-seed}` : `${JSON.stringify(SEEDS[seed])}, ${shape}`}`;
}
