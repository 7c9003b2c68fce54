/**
 * What a test run's output says: counts and names of failing tests. Pure.
 *
 * It reads what the runner printed, which the code under test can print too; it is never alone what proves a pass.
 */
import { stripVTControlCharacters } from 'node:util';
import type { TestCounts } from '../../domain/evidence/evidence';
import type { Dialect } from './dialect';

export interface TestReport {
  /** null where the output is of no dialect that is known here. */
  counts: TestCounts | null;
  /** At most 20 names, each at most 200 characters. */
  failing: string[];
}

/** The first dialect that finds its summary gives the counts; names are read by all. */
export function readTestReport(output: string, dialects: readonly Dialect[]): TestReport {
  const text = stripVTControlCharacters(output).replaceAll('\r\n', '\n');
  return { counts: readCounts(text, dialects), failing: readFailing(text, dialects) };
}

function readCounts(text: string, dialects: readonly Dialect[]): TestCounts | null {
  for (const dialect of dialects) {
    const counts = dialect.counts(text);
    if (counts !== null) return counts;
  }
  return null;
}

function readFailing(text: string, dialects: readonly Dialect[]): string[] {
  const patterns = new Set(dialects.flatMap(({ failing }) => failing));
  const names = [...patterns].flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => tidy(name ?? '')));
  return [...new Set(names)].filter(Boolean).slice(0, 20);
}

function tidy(name: string): string {
  return name.replace(/:$/, '').replace(/\s+/g, ' ').trim().slice(0, 200);
}
