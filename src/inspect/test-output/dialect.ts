/**
 * One way of printing test results, read line by line. Pure.
 *
 * A reader is fed every line of one source once, in order, and keeps no more than names and counts.
 */
import type { TestCounts } from '../../domain/evidence/evidence';
import type { TestCase } from '../../ports/test-runner';

export interface Dialect {
  /** The runner that prints so. Where it has spoken in another way, the dialect is not asked. */
  runner: string;
  open(): DialectReader;
}
export interface DialectReader {
  /** Without colours and line end. */
  read(line: string): void;
  /** Null where no line was of this dialect. */
  close(): Said | null;
}
/** What one source said in one dialect. */
export interface Said {
  counts: TestCounts;
  /** All tests by name; empty where only counts were printed. */
  tests: TestCase[];
  /** The runner, where the lines tell which one it was. */
  runner?: string;
  /** Tests that failed, also where the others are not named. */
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
