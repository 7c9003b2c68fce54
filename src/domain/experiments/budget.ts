/**
 * How much experiments may cost: runs of the tests and seconds, from the time that the project's own suite takes. Pure.
 */

export interface Budget {
  runs: number;
  seconds: number;
}

/** What the start request says of it. */
export interface BudgetWish {
  runs?: number | undefined;
  seconds?: number | undefined;
}

const RUNS = 40;
const LEAST_SECONDS = 15;
/** Up to a suite of so many seconds, experiments have as much time and a half again: 45 s at its end. */
const USUAL_SUITE_S = 20;
const PER_SUITE_SECOND = 1.5;
/** A slower suite has time for three more runs of it. */
const PER_SLOW_SECOND = 3;

/** `suiteMs`: how long the candidate's own run took. */
export function budgetOf(suiteMs: number, wish: BudgetWish = {}): Budget {
  const suite = suiteMs / 1_000;
  const usual = LEAST_SECONDS + Math.min(suite, USUAL_SUITE_S) * PER_SUITE_SECOND;
  const byTime = usual + Math.max(0, suite - USUAL_SUITE_S) * PER_SLOW_SECOND;
  return {
    runs: wish.runs ?? RUNS,
    seconds: wish.seconds ?? Math.round(byTime),
  };
}

/** A break can make code run for ever: that is noticed after this time, in milliseconds. */
export function runTimeoutMs(suiteMs: number): number {
  return 3_000 + 3 * suiteMs;
}
