/**
 * The time as the domain takes it. In a workflow it is Temporal's, the same in every replay.
 */

/** ISO 8601. */
export function now(): string {
  return new Date().toISOString();
}
