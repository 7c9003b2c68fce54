/**
 * Times that lie a number of seconds after another time. Pure.
 */

/** `at` is ISO 8601, and so is the result. */
export function secondsAfter(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}
