/**
 * Reads the wait that a provider asks for before the next request.
 *
 * `retry-after-ms` (OpenAI's header, exact) comes first, then `Retry-After` in seconds or as an HTTP date (RFC 9110, 10.2.3).
 */

/** A longer wait is a mistake of the server, and may exceed what a timer or a date can hold. */
const MAX_WAIT_MS = 30 * 24 * 3_600_000;

/** Returns milliseconds, from 0 to 30 days; undefined if no header can be read. Header names must be lower case. */
export function retryAfterMs(headers: Record<string, string> | undefined, nowMs: number): number | undefined {
  const exactMs = parseNumber(headers?.['retry-after-ms']);
  if (exactMs !== undefined) return toWaitMs(exactMs);
  const value = headers?.['retry-after'];
  const seconds = parseNumber(value);
  if (seconds !== undefined) return toWaitMs(seconds * 1_000);
  // A date must have the name of a month: Date.parse accepts "-5" as a date in May.
  const dateMs = /[a-z]{3}/i.test(value ?? '') ? Date.parse(value ?? '') : NaN;
  return Number.isNaN(dateMs) ? undefined : toWaitMs(dateMs - nowMs);
}

/** Reads the wait from the body of Google's status 429, which has no header for it. `text` must be lower case. */
export function retryDelayMs(text: string): number | undefined {
  const seconds = /"retrydelay":\s{0,3}"(\d{1,20}(?:\.\d{1,20})?)s"/.exec(text)?.[1];
  return seconds === undefined ? undefined : toWaitMs(Number(seconds) * 1_000);
}

function toWaitMs(ms: number): number {
  return Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(ms)));
}

function parseNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
