/**
 * Reads and writes durations: a text such as "90m", "24h" or "7d", or a number of seconds. Pure.
 */

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The longest duration: ten years, in seconds. */
export const DURATION_LIMIT_S = 3_650 * 86_400;

/** What a duration must be, for error messages. */
export const DURATION_FORM = 'a duration such as "90m", "24h" or "7d", or a whole number of seconds, up to 3650d';

/** Gives whole seconds from 1 on; null if the value is no duration. */
export function readDuration(value: unknown): number | null {
  const seconds = typeof value === 'string' ? secondsIn(value) : value;
  const isDuration = Number.isSafeInteger(seconds) && Number(seconds) >= 1 && Number(seconds) <= DURATION_LIMIT_S;
  return isDuration ? Number(seconds) : null;
}

function secondsIn(text: string): number | null {
  const [, digits = '', unit = ''] = /^\s*(\d{1,10})\s*([smhd])\s*$/i.exec(text) ?? [];
  const factor = SECONDS[unit.toLowerCase()];
  return factor === undefined ? null : Number(digits) * factor;
}

/** Writes a duration in its largest whole unit, as in "7d" or "90m". */
export function showDuration(seconds: number): string {
  const unit = ['d', 'h', 'm'].find((name) => seconds > 0 && seconds % (SECONDS[name] ?? 1) === 0) ?? 's';
  return `${seconds / (SECONDS[unit] ?? 1)}${unit}`;
}
