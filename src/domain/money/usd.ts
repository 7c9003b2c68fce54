/**
 * Writes and reads amounts of money: whole micro-dollars inside, US dollars with at most six decimals outside. Pure.
 */

export const MICRO_USD_PER_USD = 1_000_000;

/** A sum that no budget may exceed, in US dollars: above it micro-dollars would no longer be exact whole numbers. */
export const USD_LIMIT = 1_000_000_000;

/** Gives US dollars as a number with at most six decimals. */
export function usdOf(microUsd: number): number {
  return microUsd / MICRO_USD_PER_USD;
}

/** Writes US dollars for people: at least two decimals, and six where the sum needs them, as in "9.87" or "0.000045". */
export function showUsd(microUsd: number): string {
  const text = usdOf(microUsd).toFixed(6);
  return text.replace(/(\.\d\d\d*?)0+$/, '$1');
}

/** Gives whole micro-dollars; null if the value is no number of US dollars from 0 to `USD_LIMIT` with at most six decimals. */
export function readUsd(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > USD_LIMIT) return null;
  const microUsd = Math.round(value * MICRO_USD_PER_USD);
  const isExact = Math.abs(value * MICRO_USD_PER_USD - microUsd) < 1e-3 + Math.abs(value) * 1e-9;
  return isExact ? microUsd : null;
}
