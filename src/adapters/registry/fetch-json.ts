/**
 * Sends one GET request to a registry, with limits of time and bytes, and with further tries if the registry may be away for a
 * moment. Nothing of the answer is executed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isObject } from '../../domain/json';

export interface FetchLimits {
  timeoutMs: number;
  maxBytes: number;
  /** The number of tries in all; there is a further try only after a failure that may be gone in a moment. */
  tries: number;
  retryAfterMs: number;
  /** Node's fetch, or one that uses a proxy. */
  fetch: typeof globalThis.fetch;
}
export const DEFAULT_LIMITS: FetchLimits = {
  timeoutMs: 15_000,
  maxBytes: 64 * 1024 * 1024,
  tries: 3,
  retryAfterMs: 300,
  fetch: (url, init) => fetch(url, init),
};

export type FetchResult =
  { state: 'found'; body: string; isJson: boolean } | { state: 'absent' } | { state: 'unknown'; why: string };

export async function fetchDocument(url: string, accept: string, limits: FetchLimits): Promise<FetchResult> {
  let lastResult: FetchResult = { state: 'unknown', why: 'it was not asked' };
  for (let remainingTries = limits.tries; remainingTries > 0; remainingTries--) {
    const { answer, isTransient } = await tryOnce(url, accept, limits);
    if (!isTransient) return answer;
    lastResult = answer;
    if (remainingTries > 1) await pause(limits.retryAfterMs);
  }
  return lastResult;
}

async function tryOnce(
  url: string,
  accept: string,
  limits: FetchLimits,
): Promise<{ answer: FetchResult; isTransient: boolean }> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await limits.fetch(url, { headers: { accept }, signal });
    // A registry answers 410 for a name that was taken down.
    if (response.status === 404 || response.status === 410) return { answer: { state: 'absent' }, isTransient: false };
    if (!response.ok) {
      const isTransient = response.status === 429 || response.status >= 500;
      return { answer: { state: 'unknown', why: `the registry answered ${response.status}` }, isTransient };
    }
    const body = await readBody(response, limits.maxBytes);
    if (body === undefined) {
      const why = `the registry's answer has more than ${limits.maxBytes} bytes`;
      return { answer: { state: 'unknown', why }, isTransient: false };
    }
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    return { answer: { state: 'found', body, isJson }, isTransient: false };
  } catch {
    const why = signal.aborted
      ? `the registry did not answer within ${limits.timeoutMs} ms`
      : 'the registry could not be reached';
    return { answer: { state: 'unknown', why }, isTransient: true };
  }
}

/** Reads the body; undefined if it is too large, and then its rest is not read. */
async function readBody(response: Response, maxBytes: number): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    bytes += part.length;
    if (bytes > maxBytes) return undefined;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Parses a JSON object; undefined if the text is not one. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): Record<string, unknown> | undefined {
  return isObject(value) ? value : undefined;
}

/** Returns a text that is a date; null for everything else. */
export function asDate(value: unknown): string | null {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
}

export function earliest(dates: Array<string | null>): string | null {
  const knownDates = dates.filter((date) => date !== null);
  return knownDates.reduce<string | null>(
    (first, date) => (first === null || Date.parse(date) < Date.parse(first) ? date : first),
    null,
  );
}
