/**
 * One way of printing test results: how its summary and the names of failing tests are read. Pure.
 */
import type { TestCounts } from '../../domain/evidence/evidence';

export interface Dialect {
  /** The summary that a run closes with; null where the text has none of this dialect. */
  counts(text: string): TestCounts | null;
  /** The first group of each is the name of a test that failed. */
  failing: readonly RegExp[];
}

/** A test that failed, as node's spec reporter and vitest print it. */
export const CROSSED = /^ *[✖×] (?!failing tests)(.+?)(?: \(?[\d.]+ ?ms\)?)?$/gmu;

const PASSED = ['passed', 'passing'];
const FAILED = ['failed', 'failing', 'error', 'errors'];
const SKIPPED = ['skipped', 'pending', 'todo', 'ignored', 'xfailed', 'xpassed'];

/** Sums numbers that stand before a word, such as `2 passed`. */
export function countsOfWords(text: string): TestCounts {
  const found = [...text.matchAll(/(\d+) (\w+)/g)];
  const of = (names: string[]): number =>
    found.filter(([, , word]) => names.includes(word ?? '')).reduce((total, [, count]) => total + Number(count), 0);
  return sumOf(of(PASSED), of(FAILED), of(SKIPPED));
}

export function sumOf(passed: number, failed: number, skipped: number): TestCounts {
  return { total: passed + failed + skipped, passed, failed, skipped };
}

/** The last one counts: a program under test may print a summary of its own before it. */
export function lastMatch(text: string, pattern: RegExp): string | undefined {
  return text.match(pattern)?.at(-1);
}
