/**
 * The one reader of durations in requests and settings: a text such as "90m", "24h" or "7d", or a number of seconds.
 */
import { z } from 'zod';

const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const FORM = /^(\d{1,9})([smhd])$/;
/** 366 days. */
export const DURATION_LIMIT_S = 31_622_400;

/** Gives whole seconds; undefined for anything that is no duration from 1 second to 366 days. */
export function readDuration(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? secondsIn(value) : value;
  const isWhole = typeof seconds === 'number' && Number.isSafeInteger(seconds);
  return isWhole && seconds >= 1 && seconds <= DURATION_LIMIT_S ? seconds : undefined;
}

function secondsIn(text: string): number | undefined {
  const [, count, unit] = FORM.exec(text.trim().toLowerCase()) ?? [];
  return unit === undefined ? undefined : Number(count) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
}

/**
 * Accepts a duration, and keeps it as it was given, so that a stored request has its own words. `readDuration` gives the seconds.
 */
export const duration = z.custom<string | number>((value) => readDuration(value) !== undefined, {
  error: 'must be a duration from 1 second to 366 days: a text such as "90m", "24h" or "7d", or a number of seconds',
});
