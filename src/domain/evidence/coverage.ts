/**
 * Lines that a change adds, out of its unified text, and how many of them ran. Pure.
 */
import { isTestPath, isTestSetting } from '../files';
import type { TestConventions } from '../files';

export type ChangedLines = Record<string, Array<{ line: number; text: string }>>;

export function changedLines(diff: string): ChangedLines {
  // Without a prototype: a file may be named `constructor`.
  const found = Object.create(null) as ChangedLines;
  let file: string | undefined;
  let line = 0;
  for (const text of diff.split('\n')) {
    const header = /^\+\+\+ (?:b\/(.*)|"b\/(.*)"|.*)$/.exec(text);
    const hunk = /^@@ -\S+ \+(\d+)/.exec(text);
    if (text.startsWith('diff --git ')) file = undefined;
    else if (header !== null && line === 0) file = header[1] ?? header[2];
    else if (hunk !== null) line = Number(hunk[1]);
    else if (text.startsWith('+') && file !== undefined)
      (found[file] ??= []).push({ line: line++, text: text.slice(1) });
    else if (text.startsWith(' ')) line += 1;
    if (text.startsWith('diff --git ')) line = 0;
  }
  return found;
}

/** Asks a counter to leave lines out. */
const LOOK_AWAY = /\b(istanbul|c8|v8|node:coverage) (ignore|disable)\b|\bpragma: no cover\b/;

/** Percent of the changed lines of code that ran; null where none was measured. */
export function coverageOfChange(
  changed: ChangedLines,
  coverage: Record<string, Record<number, number>> | null,
  runners: Pick<TestConventions, 'protects' | 'counted'> & {
    /** Tells tests from production by who reads them. */
    isTest?: (path: string) => boolean;
  },
): number | null {
  if (coverage === null) return null;
  const { isTest = isTestPath } = runners;
  const measured = runners.counted.filter((language) => Object.keys(coverage).some((file) => language.test(file)));
  let all = 0;
  let ran = 0;
  for (const [file, lines] of Object.entries(changed)) {
    if (isTest(file) || isTestSetting(file, runners)) continue;
    const counts = coverage[file];
    // A script that no test ever loaded is measured too: at nothing.
    if (counts === undefined && !measured.some((language) => language.test(file))) continue;
    // Lines that a pragma excludes from coverage count as never run.
    const isHidden = counts === undefined || lines.some(({ text }) => LOOK_AWAY.test(text));
    for (const { line, text } of lines) {
      const count = counts?.[line] ?? (isHidden && isCode(text) ? 0 : undefined);
      if (count === undefined) continue;
      all += 1;
      if (count > 0) ran += 1;
    }
  }
  return all === 0 ? null : Math.round((ran / all) * 1000) / 10;
}

/** Blank lines, comments and lone brackets are nothing that runs. */
export function isCode(line: string): boolean {
  return /\w/.test(line) && !/^\s*(\/\/|\/\*|\*|#)/.test(line);
}
