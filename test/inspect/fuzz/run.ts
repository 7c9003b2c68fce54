/**
 * Feeds readers in a thread and measures their processor time. It stops a reader that does not return, and continues with the next one.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { allReaders } from './readers';
import { SEEDS, ARRANGEMENTS } from './seeds';
import type { Arrangement } from './seeds';
import type { Measured, Trial } from './thread';

/** Processor time after which a reader is stopped. Waiting on a busy machine does not count. */
const LIMIT_MS = 20_000;
const CHECK_INTERVAL_MS = 500;
const MIXTURES = 12;

export interface FeedResult extends Pick<Measured, 'error' | 'chars'> {
  trial: Trial;
  /** Processor time; null if the reader did not return. */
  ms: number | null;
}

/** All trials: each reader with each of its paths, each seed in each arrangement, and the mixtures of seeds. */
export function allTrials(chars: number, isWanted: (id: string) => boolean = () => true): Trial[] {
  // Negative numbers are mixtures: -1 is the first one. A mixture has its own line breaks, so it is fed in one arrangement only.
  const seeds = [...SEEDS.keys(), ...Array.from({ length: MIXTURES }, (_, at) => -1 - at)];
  const arrangements = Object.keys(ARRANGEMENTS) as Arrangement[];
  return allReaders()
    .filter(({ id }) => isWanted(id))
    .flatMap(({ id, paths }) =>
      paths.flatMap((path) =>
        seeds.flatMap((seed) =>
          (seed < 0 ? arrangements.slice(0, 1) : arrangements).map((arrangement) => ({
            reader: id,
            path,
            seed,
            arrangement,
            chars,
          })),
        ),
      ),
    );
}

/**
 * One of `parts` fixed samples; `part` counts from 1. Each sample has trials of every reader, path, seed and arrangement.
 */
export function partOf(trials: readonly Trial[], part: number, parts: number): Trial[] {
  return trials.filter((_, at) => (Math.imul(at, 2_654_435_761) >>> 8) % parts === part - 1);
}

/** Calls `onResult` after each text; false ends the run. */
export async function feed(
  trials: readonly Trial[],
  onResult: (fed: FeedResult, at: number) => boolean,
): Promise<void> {
  let from = 0;
  while (from < trials.length) {
    const next = await feedFrom(trials, from, onResult);
    if (next === undefined) return;
    from = next;
  }
}

/** Feeds from one trial on. Returns the index of the next trial; undefined if `onResult` ended the run. */
function feedFrom(
  trials: readonly Trial[],
  from: number,
  onResult: (fed: FeedResult, at: number) => boolean,
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
    const reportResult = (fed: Omit<FeedResult, 'trial'>): boolean =>
      onResult({ trial: trials[at] as Trial, ...fed }, at);
    const timer = setInterval(() => {
      if (begun === undefined) return;
      const { user, system } = process.cpuUsage(begun);
      if ((user + system) / 1_000 > LIMIT_MS) end(reportResult({ ms: null, chars: 0 }) ? at + 1 : undefined);
    }, CHECK_INTERVAL_MS);
    thread.on('message', (message: { begun: number } | ({ done: number } & Measured)) => {
      if ('begun' in message) {
        at = message.begun;
        begun = process.cpuUsage();
        return;
      }
      begun = undefined;
      const { done, ...measured } = message;
      const continues = reportResult(measured);
      if (!continues || done === trials.length - 1) end(continues ? trials.length : undefined);
    });
    thread.on('error', reject);
  });
}

export function describeTrial({ reader, path, seed, arrangement }: Trial): string {
  return `${reader} of ${path}: ${seed < 0 ? `mixture ${-seed}` : `${JSON.stringify(SEEDS[seed])}, ${arrangement}`}`;
}
