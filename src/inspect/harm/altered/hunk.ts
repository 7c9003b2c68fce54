/**
 * One place of a file that a change altered: rows that are gone beside rows that stand there now, without comments. Pure.
 */
import type { FileChange } from '../../../domain/experiments/changed-files';
import { syntaxOf, viewOf } from '../../asks/code-view';
import type { Harm } from '../rule';
import { plainQuotes } from '../sql-text';

/** A file that was there before and is there after the change. */
export interface AlteredFile {
  path: string;
  before: string;
  after: string;
  change: FileChange;
}

export interface Row {
  /** From 1, in the text that the row belongs to. */
  line: number;
  text: string;
}

export interface Hunk {
  /** From 1, in the new text: where the rows stand now, or before which row they stood. */
  line: number;
  removed: Row[];
  added: Row[];
}

/** All that a rule is told of a file. */
export interface Altered {
  path: string;
  /** Rows without comments, from index 0. */
  before: string[];
  after: string[];
  hunks: Hunk[];
}

/** `row` is the added one; absent where rows are only gone. */
export type AlteredRule = (file: Altered) => Harm[];

const ROW_LIMIT_CHARS = 400;
const TEXT_LIMIT_CHARS = 1_000_000;
const NEAR_ROWS = 6;

export function alteredOf({ path, before, after, change }: AlteredFile): Altered {
  if (Math.max(before.length, after.length) > TEXT_LIMIT_CHARS) return { path, before: [], after: [], hunks: [] };
  const rows = { before: rowsOf(path, before), after: rowsOf(path, after) };
  return { path, ...rows, hunks: hunksOf(change, rows) };
}

/** Where the language is known, literals stand in single quotes, and no other single quote is left. */
function rowsOf(path: string, text: string): string[] {
  const syntax = syntaxOf(path);
  const rows = text.split('\n').map((row) => row.replace(/\r$/, ''));
  if (syntax === undefined) {
    const isMarked = !/\.(?:json|md|html?|css)$/.test(path);
    return rows.map((row) => (isMarked ? row.replace(/(?:^|\s)#(?!!|\{).*$/, '') : row).slice(0, ROW_LIMIT_CHARS));
  }
  const view = viewOf(text, syntax);
  const found = rows.map(() => '');
  const plain = plainQuotes(view);
  for (let at = 0; at < plain.length; at += 1) {
    const index = (view.lines[at] ?? 1) - 1;
    const sign = plain[at] ?? '';
    if (sign !== '\n' && (found[index]?.length ?? ROW_LIMIT_CHARS) < ROW_LIMIT_CHARS) found[index] += sign;
  }
  return found;
}

function hunksOf({ changed, removed }: FileChange, rows: Pick<Altered, 'before' | 'after'>): Hunk[] {
  const sorted = [...removed].sort((a, b) => a.line - b.line);
  const lines = [...changed].sort((a, b) => a - b);
  const taken = new Set<number>();
  const hunks: Hunk[] = [];
  let gone = 0;
  let below = 0;
  for (const { line, text } of sorted) {
    while (below < lines.length && (lines[below] ?? 0) < line) below += 1;
    const from = line - below + gone;
    const count = text.split('\n').length - 1;
    gone += count;
    const added = runFrom(line, changed);
    for (const one of added) taken.add(one);
    hunks.push({
      line,
      removed: pick(rows.before, from, count),
      added: added.flatMap((one) => pick(rows.after, one, 1)),
    });
  }
  for (const line of lines) {
    if (taken.has(line)) continue;
    const added = runFrom(line, changed);
    for (const one of added) taken.add(one);
    hunks.push({ line, removed: [], added: added.flatMap((one) => pick(rows.after, one, 1)) });
  }
  return hunks.sort((a, b) => a.line - b.line);
}

function runFrom(line: number, changed: ReadonlySet<number>): number[] {
  const run: number[] = [];
  for (let at = line; changed.has(at); at += 1) run.push(at);
  return run;
}

function pick(rows: readonly string[], from: number, count: number): Row[] {
  return rows.slice(from - 1, from - 1 + count).map((text, index) => ({ line: from + index, text }));
}

/** The rows around a line, as one text. */
export function near(rows: readonly string[], line: number, count = NEAR_ROWS): string {
  return rows.slice(Math.max(0, line - 1 - count), line + count).join('\n');
}

export function textOf(rows: readonly Row[]): string {
  return rows.map(({ text }) => text).join('\n');
}

/** The first row of each key; a row without a key is in none. */
export function firstBy(rows: readonly Row[], keyOf: (row: Row) => string | undefined): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== undefined && !found.has(key)) found.set(key, row);
  }
  return found;
}

/** A finding about a row that stands there now, with the row whose place it took. */
export function worse({ does, why }: Pick<Harm, 'does' | 'why'>, row: Row, was: Row): Harm {
  return { line: row.line, to: row.line, does, why, isNote: false, gone: was.text.trim() };
}

/** A finding about a row that is gone; `line` is where it stood. */
export function goneAt({ does, why }: Pick<Harm, 'does' | 'why'>, line: number, was: Row): Harm {
  return { line, to: line, does, why, isNote: false, gone: was.text.trim() };
}
