/**
 * The budget of a series of experiments: runs and time that are left, and runs side by side within it.
 */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Budget } from '../../domain/experiments/budget';

export interface Clock {
  budget: Budget;
  /** Runs that were made; kept answers cost none. */
  runs(): number;
  seconds(): number;
  /** True where another run, which takes `ms`, no longer fits. */
  isOver(ms: number): boolean;
  count(): void;
  /** What is done so uses up neither runs nor time. */
  aside<T>(work: () => Promise<T>): Promise<T>;
}

export function startClock(budget: Budget): Clock {
  const { runs: most, seconds } = budget;
  const begun = performance.now();
  let runs = 0;
  let asideMs = 0;
  const passedMs = (): number => performance.now() - begun - asideMs;
  return {
    budget,
    runs: () => runs,
    seconds: () => Math.round(passedMs() / 100) / 10,
    isOver: (ms) => runs >= most || passedMs() + ms > seconds * 1_000,
    count: () => {
      runs += 1;
    },
    aside: async (work) => {
      const [from, before] = [performance.now(), runs];
      try {
        return await work();
      } finally {
        asideMs += performance.now() - from;
        runs = before;
      }
    },
  };
}

/** Runs of one build at once: more of them would only wait for each other. */
const MOST_AT_ONCE = 4;

/** Calls `use` for the items in their order, several at once, until `isOver`; gives what was answered, without the rest. */
export async function eachAtOnce<T, R>(items: readonly T[], isOver: () => boolean, use: (item: T) => Promise<R>) {
  const inTurn = pLimit(Math.min(MOST_AT_ONCE, availableParallelism()));
  try {
    const answers = await inTurn.map(items, async (item) => (isOver() ? null : { item, answer: await use(item) }));
    return answers.filter((one) => one !== null);
  } finally {
    // After a failure nothing more begins.
    inTurn.clearQueue();
  }
}
