/**
 * What a test run's output says: counts, names of failing tests, coverage of lines. Pure.
 *
 * It reads what the runner printed, which the code under test can print too; it is never alone what proves a pass.
 */
import { stripVTControlCharacters } from 'node:util';
import type { TestCounts } from '../../domain/evidence/evidence';
import { readCounts } from './counts';

export interface TestReport {
  /** null where the output is of no runner that is known here. */
  counts: TestCounts | null;
  /** At most 20 names, each at most 200 characters. */
  failing: string[];
  /** Percent of lines; null where it was not measured. */
  coveragePercent: number | null;
}

export function readTestReport(output: string): TestReport {
  const text = stripVTControlCharacters(output).replaceAll('\r\n', '\n');
  return { counts: readCounts(text), failing: readFailing(text), coveragePercent: readCoverage(text) };
}

/** One pattern per dialect; the first group is the name. */
const FAILING = [
  // TAP. A file or suite that fails only because a test in it did is listed too, as the runner does.
  /^ *not ok \d+(?: -)? (?!.*# *(?:todo|skip)\b)(.+)$/gim,
  // node's spec reporter and vitest
  /^ *[✖×] (?!failing tests)(.+?)(?: \(?[\d.]+ ?ms\)?)?$/gmu,
  // jest
  /^ +● (?!Console\b)(.+ › .+|[^›]+)$/gmu,
  // pytest
  /^(?:FAILED|ERROR) (\S+?::.+?)(?: - .*)?$/gm,
  // go
  /^ *--- FAIL: (\S+)/gm,
  // cargo
  /^test (\S+) \.\.\. FAILED$/gm,
  // mocha: `  1) suite` and the test's name, indented, ending in a colon
  /^ +\d+\) (.+\n +.+:)$/gm,
];

function readFailing(text: string): string[] {
  const names = FAILING.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => tidy(name ?? '')));
  return [...new Set(names)].filter(Boolean).slice(0, 20);
}

function tidy(name: string): string {
  return name.replace(/:$/, '').replace(/\s+/g, ' ').trim().slice(0, 200);
}

/** The group is the percentage of lines. */
const COVERAGE = [
  // node: `# all files | lines | branches | functions |`, `ℹ` in the spec reporter
  /^[#ℹ] all files *\| *([\d.]+) *\|/gmu,
  // istanbul, jest and vitest: `All files | statements | branches | functions | lines |`
  /^ *All files *\|[^|\n]*\|[^|\n]*\|[^|\n]*\| *([\d.]+) *\|/gm,
  // pytest-cov
  /^TOTAL(?: +\d+){2,4} +([\d.]+)%$/gm,
];

function readCoverage(text: string): number | null {
  for (const pattern of COVERAGE) {
    const found = [...text.matchAll(pattern)].at(-1)?.[1];
    if (found !== undefined) return inPercent(Number(found));
  }
  // go prints one line a package; the least covered one counts.
  const packages = [...text.matchAll(/\bcoverage: ([\d.]+)% of statements/g)].map(([, percent]) => Number(percent));
  return packages.length === 0 ? null : inPercent(Math.min(...packages));
}

function inPercent(value: number): number | null {
  return value >= 0 && value <= 100 ? value : null;
}
