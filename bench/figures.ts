/**
 * The result type of a bench, and the statistics of a list of times.
 *
 * A figure has an aim and a measured value. Only correctness figures decide the exit code: a slow machine is not a failure.
 */
export interface Figure {
  figure: string;
  aim: string;
  reached: string;
  holds: boolean;
  kind: 'correctness' | 'performance';
}

export interface Sheet {
  title: string;
  /** Describes the measurement, as far as a reader needs it to judge the figure. */
  notes: string[];
  columns: string[];
  rows: string[][];
  figures: Figure[];
}

export interface BenchOptions {
  quick: boolean;
  /** The number of times that the worker is killed in each phase. */
  rounds: number;
}

export interface Bench {
  name: string;
  run(options: BenchOptions): Promise<Sheet>;
}

export interface Spread {
  p50: number;
  p95: number;
  min: number;
  max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), min: at(0), max: at(1) };
}

export const SPREAD_COLUMNS = ['p50', 'p95', 'min..max'];

export function spreadCells(values: readonly number[], unit = 'ms'): string[] {
  if (values.length === 0) return ['none', 'none', 'none'];
  const { p50, p95, min, max } = spreadOf(values);
  return [`${digits(p50)} ${unit}`, `${digits(p95)} ${unit}`, `${digits(min)}..${digits(max)}`];
}

/** Writes a number with three significant digits; large numbers have at most one decimal. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

export function atMost(figure: string, limit: number, value: number, unit: string): Figure {
  return { ...line(figure, `<= ${limit}${unit}`, value, unit), holds: value <= limit };
}

export function atLeast(figure: string, limit: number, value: number, unit: string): Figure {
  return { ...line(figure, `>= ${limit}${unit}`, value, unit), holds: value >= limit };
}

/** Makes a figure for a count that must be exact; another value fails the whole run. */
export function exactly(figure: string, expected: number, value: number): Figure {
  return {
    figure,
    aim: String(expected),
    reached: String(value),
    holds: value === expected,
    kind: 'correctness',
  };
}

function line(figure: string, aim: string, value: number, unit: string) {
  return { figure, aim, reached: `${digits(value)}${unit}`, kind: 'performance' as const };
}
