/**
 * Splits a changed file into hunks: removed rows with the added rows in their place, without comments. Pure.
 */
import type { FileChange } from '../../../domain/experiments/changed-files';
import { syntaxOf, viewOf } from '../../asks/code-view';
import type { Harm } from '../rule';
import { plainQuotes } from '../sql-text';

/** A file that exists before and after the change. */
export interface AlteredFile {
  path: string;
  before: string;
  after: string;
  change: FileChange;
}

export interface Row {
  /** Counts from 1, in the text of the row: the old one for a removed row. */
  line: number;
  text: string;
}

export interface Hunk {
  /** Counts from 1, in the new text: where the added rows are, or where the removed rows were. */
  line: number;
  removed: Row[];
  added: Row[];
}

/** The input of a rule. */
export interface Altered {
  path: string;
  /** Rows without comments; index 0 is line 1. */
  before: string[];
  after: string[];
  hunks: Hunk[];
}

/** A rule that compares removed and added rows of one file. */
export type AlteredRule = (file: Altered) => Harm[];

const MAX_ROW_CHARS = 400;
const MAX_TEXT_CHARS = 1_000_000;
const ROWS_AROUND = 6;

export function alteredOf({ path, before, after, change }: AlteredFile): Altered {
  if (Math.max(before.length, after.length) > MAX_TEXT_CHARS) return { path, before: [], after: [], hunks: [] };
  const rows = { before: rowsOf(path, before), after: rowsOf(path, after) };
  return { path, ...rows, hunks: hunksOf(change, rows) };
}

/** Returns the rows without comments. In known languages, all literals are in single quotes, and no other single quote remains. */
function rowsOf(path: string, text: string): string[] {
  const syntax = syntaxOf(path);
  const rows = text.split('\n').map((row) => row.replace(/\r$/, ''));
  if (syntax === undefined) {
    const hasHashComments = !/\.(?:json|md|html?|css)$/.test(path);
    return rows.map((row) => (hasHashComments ? row.replace(/(?:^|\s)#(?!!|\{).*$/, '') : row).slice(0, MAX_ROW_CHARS));
  }
  const view = viewOf(text, syntax);
  const found = rows.map(() => '');
  const plain = plainQuotes(view);
  for (let at = 0; at < plain.length; at += 1) {
    const index = (view.lines[at] ?? 1) - 1;
    const sign = plain[at] ?? '';
    if (sign !== '\n' && (found[index]?.length ?? MAX_ROW_CHARS) < MAX_ROW_CHARS) found[index] += sign;
  }
  return found;
}

function hunksOf({ changed, removed }: FileChange, rows: Pick<Altered, 'before' | 'after'>): Hunk[] {
  const sorted = [...removed].sort((a, b) => a.line - b.line);
  const lines = [...changed].sort((a, b) => a - b);
  const assigned = new Set<number>();
  const hunks: Hunk[] = [];
  let removedCount = 0;
  let lineIndex = 0;
  for (const { line, text } of sorted) {
    while (lineIndex < lines.length && (lines[lineIndex] ?? 0) < line) lineIndex += 1;
    const from = line - lineIndex + removedCount;
    const count = text.split('\n').length - 1;
    removedCount += count;
    const added = consecutiveLines(line, changed);
    for (const one of added) assigned.add(one);
    hunks.push({
      line,
      removed: rowsFrom(rows.before, from, count),
      added: added.flatMap((one) => rowsFrom(rows.after, one, 1)),
    });
  }
  for (const line of lines) {
    if (assigned.has(line)) continue;
    const added = consecutiveLines(line, changed);
    for (const one of added) assigned.add(one);
    hunks.push({ line, removed: [], added: added.flatMap((one) => rowsFrom(rows.after, one, 1)) });
  }
  return hunks.sort((a, b) => a.line - b.line);
}

function consecutiveLines(line: number, changed: ReadonlySet<number>): number[] {
  const run: number[] = [];
  for (let at = line; changed.has(at); at += 1) run.push(at);
  return run;
}

function rowsFrom(rows: readonly string[], from: number, count: number): Row[] {
  return rows.slice(from - 1, from - 1 + count).map((text, index) => ({ line: from + index, text }));
}

/** Returns the rows around a line as one text. */
export function rowsAround(rows: readonly string[], line: number, count = ROWS_AROUND): string {
  return rows.slice(Math.max(0, line - 1 - count), line + count).join('\n');
}

export function textOf(rows: readonly Row[]): string {
  return rows.map(({ text }) => text).join('\n');
}

/** Returns the first row of each key; rows without a key are left out. */
export function firstBy(rows: readonly Row[], keyOf: (row: Row) => string | undefined): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== undefined && !found.has(key)) found.set(key, row);
  }
  return found;
}

/** Returns a finding about an added row, with the removed row that it replaces. */
export function alteredRow({ does, why }: Pick<Harm, 'does' | 'why'>, row: Row, removed: Row): Harm {
  return { line: row.line, to: row.line, does, why, isNote: false, gone: removed.text.trim() };
}

/** Returns a finding about a removed row; `line` is its former place. */
export function removedRow({ does, why }: Pick<Harm, 'does' | 'why'>, line: number, removed: Row): Harm {
  return { line, to: line, does, why, isNote: false, gone: removed.text.trim() };
}
