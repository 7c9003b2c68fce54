/**
 * How long the other side asks us to wait, from its headers.
 *
 * `retry-after-ms` first (OpenAI's, exact), then `Retry-After` in seconds or as an HTTP date (RFC 9110, 10.2.3).
 */

/** A longer one is a mistake of the server, and may be no number that a timer or a date holds. */
const LONGEST_MS = 30 * 24 * 3_600_000;

/** Milliseconds, from 0 to 30 days; undefined where nothing readable was said. Header names are lower case. */
export function retryAfterMs(headers: Record<string, string> | undefined, nowMs: number): number | undefined {
  const exact = number(headers?.['retry-after-ms']);
  if (exact !== undefined) return bounded(exact);
  const value = headers?.['retry-after'];
  const seconds = number(value);
  if (seconds !== undefined) return bounded(seconds * 1_000);
  // Node reads "-5" as a date in May.
  const at = /[a-z]{3}/i.test(value ?? '') ? Date.parse(value ?? '') : NaN;
  return Number.isNaN(at) ? undefined : bounded(at - nowMs);
}

/** What Google says in the body of a 429, where no header does; `text` is in lower case. */
export function retryDelayMs(text: string): number | undefined {
  const seconds = /"retrydelay":\s{0,3}"(\d{1,20}(?:\.\d{1,20})?)s"/.exec(text)?.[1];
  return seconds === undefined ? undefined : bounded(Number(seconds) * 1_000);
}

function bounded(ms: number): number {
  return Math.min(LONGEST_MS, Math.max(0, Math.ceil(ms)));
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
