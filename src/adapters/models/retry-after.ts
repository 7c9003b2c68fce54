/**
 * How long the other side asks us to wait, from its headers.
 *
 * `retry-after-ms` first (OpenAI's, exact), then `Retry-After` in seconds or as an HTTP date (RFC 9110, 10.2.3).
 */

/** Milliseconds, never negative; undefined where nothing readable was said. Header names are lower case. */
export function retryAfterMs(headers: Record<string, string> | undefined, nowMs: number): number | undefined {
  const exact = number(headers?.['retry-after-ms']);
  if (exact !== undefined) return Math.ceil(exact);
  const value = headers?.['retry-after'];
  const seconds = number(value);
  if (seconds !== undefined) return Math.ceil(seconds * 1_000);
  const at = Date.parse(value ?? '');
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** What Google says in the body of a 429, where no header does; `text` is in lower case. */
export function retryDelayMs(text: string): number | undefined {
  const seconds = /"retrydelay":\s{0,3}"(\d{1,9}(?:\.\d{1,9})?)s"/.exec(text)?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1_000);
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
