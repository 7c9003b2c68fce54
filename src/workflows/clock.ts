/**
 * Gives the time in the form that the domain takes. In a workflow, Temporal replaces `Date`, so every replay gets the same time.
 */

/** ISO 8601. */
export function now(): string {
  return new Date().toISOString();
}
