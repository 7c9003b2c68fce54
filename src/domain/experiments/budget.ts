/**
 * Computes the budget of the experiments, in test runs and seconds, from the duration of the project's test suite. Pure.
 */

export interface Budget {
  runs: number;
  seconds: number;
}

/** The budget in the start request. */
export interface RequestedBudget {
  runs?: number | undefined;
  seconds?: number | undefined;
}

const DEFAULT_RUNS = 40;
const BASE_SECONDS = 15;
/** A suite up to this duration adds 1.5 seconds of budget for each of its seconds: 45 s in total for a suite of 20 s. */
const USUAL_SUITE_SECONDS = 20;
const PER_SUITE_SECOND = 1.5;
/** Each further second of a slower suite adds 3 seconds of budget. */
const PER_SLOW_SECOND = 3;

/** `suiteMs`: the duration of the candidate's own test run. */
export function budgetOf(suiteMs: number, requested: RequestedBudget = {}): Budget {
  const suiteSeconds = suiteMs / 1_000;
  const usualSeconds = BASE_SECONDS + Math.min(suiteSeconds, USUAL_SUITE_SECONDS) * PER_SUITE_SECOND;
  const totalSeconds = usualSeconds + Math.max(0, suiteSeconds - USUAL_SUITE_SECONDS) * PER_SLOW_SECOND;
  return {
    runs: requested.runs ?? DEFAULT_RUNS,
    seconds: requested.seconds ?? Math.round(totalSeconds),
  };
}

/** Time limit of a run, in milliseconds: a break can make code run forever, and that counts as noticed. */
export function runTimeoutMs(suiteMs: number): number {
  return 3_000 + 3 * suiteMs;
}
