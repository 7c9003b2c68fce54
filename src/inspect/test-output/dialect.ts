/**
 * Defines a dialect: one way in which a runner prints test results. Pure.
 *
 * A reader is given each line of one source (a program that prints results) once and in order. It keeps only names and counts.
 */
import type { TestCounts } from '../../domain/evidence/evidence';
import type { TestCase } from '../../ports/test-runner';

export interface Dialect {
  /** The runner that prints this dialect. The dialect is not used if the runner wrote a report of another form. */
  runner: string;
  open(): DialectReader;
}
export interface DialectReader {
  /** Without colours and line end. */
  read(line: string): void;
  /** Returns null if no line was of this dialect. */
  close(): SourceResults | null;
}
/** The results that one source printed in one dialect. */
export interface SourceResults {
  counts: TestCounts;
  /** All tests by name; empty if the source printed only counts. */
  tests: TestCase[];
  /** The runner, if the lines show which one it was. */
  runner?: string;
  /** The tests that failed, also if the source does not name the other tests. */
  failed: TestCase[];
}

const PASSED = ['passed', 'passing', 'pass'];
const FAILED = ['failed', 'failing', 'fail', 'error', 'errors'];
const SKIPPED = ['skipped', 'skip', 'pending', 'todo', 'ignored', 'xfailed', 'xpassed'];

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

export function addUp(all: TestCounts[]): TestCounts {
  const of = (name: keyof TestCounts): number => all.reduce((sum, one) => sum + one[name], 0);
  return { total: of('total'), passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

export function countsOf(tests: TestCase[]): TestCounts {
  const of = (status: TestCase['status']): number => tests.filter((test) => test.status === status).length;
  return sumOf(of('passed'), of('failed'), of('skipped') + of('todo'));
}
