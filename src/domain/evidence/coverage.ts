/**
 * Reads the lines that a change adds from its diff, and computes the share of them that tests ran. Pure.
 */
import { isTestPath, isTestSetting } from '../files';
import type { TestConventions } from '../files';

export type ChangedLines = Record<string, Array<{ line: number; text: string }>>;

export function changedLines(diff: string): ChangedLines {
  // No prototype, since a file may be named `constructor`.
  const linesByFile = Object.create(null) as ChangedLines;
  let file: string | undefined;
  let line = 0;
  for (const text of diff.split('\n')) {
    const header = /^\+\+\+ (?:b\/(.*)|"b\/(.*)"|.*)$/.exec(text);
    const hunk = /^@@ -\S+ \+(\d+)/.exec(text);
    if (text.startsWith('diff --git ')) file = undefined;
    else if (header !== null && line === 0) file = header[1] ?? header[2];
    else if (hunk !== null) line = Number(hunk[1]);
    else if (text.startsWith('+') && file !== undefined)
      (linesByFile[file] ??= []).push({ line: line++, text: text.slice(1) });
    else if (text.startsWith(' ')) line += 1;
    if (text.startsWith('diff --git ')) line = 0;
  }
  return linesByFile;
}

/** A comment that tells a coverage tool to ignore lines. */
const COVERAGE_IGNORE_PRAGMA = /\b(istanbul|c8|v8|node:coverage) (ignore|disable)\b|\bpragma: no cover\b/;

/** Returns the percentage of changed code lines that ran; null if no line was measured. */
export function coverageOfChange(
  changed: ChangedLines,
  coverage: Record<string, Record<number, number>> | null,
  runners: Pick<TestConventions, 'protects' | 'measuredFiles'> & {
    /** True for a test file; by default decided by its path. */
    isTest?: (path: string) => boolean;
  },
): number | null {
  if (coverage === null) return null;
  const { isTest = isTestPath } = runners;
  const measuredLanguages = runners.measuredFiles.filter((language) =>
    Object.keys(coverage).some((file) => language.test(file)),
  );
  let measuredLines = 0;
  let ranLines = 0;
  for (const [file, lines] of Object.entries(changed)) {
    if (isTest(file) || isTestSetting(file, runners)) continue;
    const counts = coverage[file];
    // A source file that no test loaded is missing from the coverage report: its lines count as never run.
    if (counts === undefined && !measuredLanguages.some((language) => language.test(file))) continue;
    // Lines that a pragma excludes from coverage count as never run.
    const isHidden = counts === undefined || lines.some(({ text }) => COVERAGE_IGNORE_PRAGMA.test(text));
    for (const { line, text } of lines) {
      const count = counts?.[line] ?? (isHidden && isCode(text) ? 0 : undefined);
      if (count === undefined) continue;
      measuredLines += 1;
      if (count > 0) ranLines += 1;
    }
  }
  return measuredLines === 0 ? null : Math.round((ranLines / measuredLines) * 1000) / 10;
}

/** False for blank lines, comments and lone brackets. */
export function isCode(line: string): boolean {
  return /\w/.test(line) && !/^\s*(\/\/|\/\*|\*|#)/.test(line);
}
