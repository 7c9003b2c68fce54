/**
 * How far the experiments of a running activity are, as its heartbeat carries it and `status` shows it. Types only.
 */

export interface Progress {
  /** `at_most`: runs of the budget, or those that were answered where asking again took more. */
  experiments: { answered: number; at_most: number };
}
