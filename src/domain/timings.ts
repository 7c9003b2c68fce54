/**
 * Times that several rooms must agree on.
 *
 * The numbers here belong together: change one only with a look at the others.
 */

/** How a worker shows that an activity is alive, and how soon its silence is taken for its death. */
export const HEARTBEAT = {
  /** Silence after which the server gives the activity to another worker: the first step after a restart waits for it. */
  timeoutMs: 3_000,
  /** How often a running activity says that it lives: three times within the time-out. */
  everyMs: 1_000,
  /**
   * The SDK would hold heartbeats back for 0.8 of their time-out: a late one would then look like a dead worker, and a
   * cancelled call would hear of it seconds later. So it holds none back longer than until the next.
   */
  throttleMs: 1_000,
} as const;
