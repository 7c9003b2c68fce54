/**
 * Times that several folders must agree on.
 *
 * The values depend on each other: check all of them before changing one.
 */

/**
 * How Temporal repeats an activity of a role that failed: 20 executions take about half an hour, and no event of history. The most
 * calls in `docs/routing.md` follow from these numbers.
 */
export const ROLE_RETRY = {
  initialIntervalMs: 1_000,
  backoffCoefficient: 2,
  maximumIntervalMs: 120_000,
  maximumAttempts: 20,
} as const;

/** The most waits for a provider in a row of one step. After them the phase fails, and a person decides. */
export const WAITS_LIMIT = 20;

/** The heartbeat of activities, and how soon a silent worker counts as dead. */
export const HEARTBEAT = {
  /** After this silence, the server gives the activity to another worker. The first step after a restart waits for it. */
  timeoutMs: 3_000,
  /** The interval of heartbeats: three within the time-out. */
  everyMs: 1_000,
  /**
   * The SDK throttles heartbeats to 0.8 of their time-out by default: one late heartbeat would look like a dead worker, and a
   * cancellation would arrive seconds late. So the throttle equals the interval.
   */
  throttleMs: 1_000,
} as const;
