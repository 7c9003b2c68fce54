/**
 * Keeps the budget of a series of experiments: counts its runs and its time, and runs several experiments at once.
 */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Budget } from '../../domain/experiments/budget';

export interface Clock {
  budget: Budget;
  /** The number of runs so far. An answer that is loaded is not a run. */
  runs(): number;
  seconds(): number;
  /** True where the budget has no room for a run of `ms` milliseconds. */
  isUsedUpAfter(ms: number): boolean;
  countRun(): void;
  /** Does the work without counting its runs and its time. */
  runUncounted<T>(work: () => Promise<T>): Promise<T>;
}

export function startClock(budget: Budget): Clock {
  const { runs: maxRuns, seconds } = budget;
  const clockStart = performance.now();
  let runs = 0;
  let uncountedMs = 0;
  const passedMs = (): number => performance.now() - clockStart - uncountedMs;
  return {
    budget,
    runs: () => runs,
    seconds: () => Math.round(passedMs() / 100) / 10,
    isUsedUpAfter: (ms) => runs >= maxRuns || passedMs() + ms > seconds * 1_000,
    countRun: () => {
      runs += 1;
    },
    runUncounted: async (work) => {
      const [startedAt, runsBefore] = [performance.now(), runs];
      try {
        return await work();
      } finally {
        uncountedMs += performance.now() - startedAt;
        runs = runsBefore;
      }
    },
  };
}

/** The most runs of one build at once: more runs would only wait for each other. */
const MAX_CONCURRENT_RUNS = 4;

/** Calls `use` for the items in their order, several at once, until `isOver` is true. Gives the answers so far. */
export async function runConcurrently<T, R>(items: readonly T[], isOver: () => boolean, use: (item: T) => Promise<R>) {
  const limited = pLimit(Math.min(MAX_CONCURRENT_RUNS, availableParallelism()));
  try {
    const answers = await limited.map(items, async (item) => (isOver() ? null : { item, answer: await use(item) }));
    return answers.filter((answer) => answer !== null);
  } finally {
    // After a failure, waiting runs must not begin.
    limited.clearQueue();
  }
}
