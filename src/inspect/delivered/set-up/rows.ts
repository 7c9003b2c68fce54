/**
 * Reads a set-up file as rows: its lines in a normal form, so that equal rows have equal effects. Pure.
 */
import { cacheLast } from '../../last-asked';
import { linesOf } from '../tree';
import type { SetUpKind } from './kinds';

export interface Row {
  /** Counts from 1. */
  line: number;
  /** One space between words, without quotes and trailing comments. */
  text: string;
  indent: number;
}

const MAX_ROW_CHARS = 4_000;

/**
 * Returns the rows without blank lines and comments; lines joined by a backslash are one row. The last two texts of
 * each kind are cached.
 */
export function rowsOf(text: string, { name }: Pick<SetUpKind, 'name'>): readonly Row[] {
  const known = CACHES.get(name) ?? cacheLast((one: string) => readRows(one, name), 2);
  CACHES.set(name, known);
  return known(text);
}

/** Caches by kind, for the file before and after the change. */
const CACHES = new Map<SetUpKind['name'], (text: string) => readonly Row[]>();

function readRows(text: string, name: SetUpKind['name']): Row[] {
  const rows: Row[] = [];
  let unfinished: Row | null = null;
  for (const [at, whole] of linesOf(text).entries()) {
    const cut = whole.slice(0, MAX_ROW_CHARS);
    if (isComment(cut, name, at)) continue;
    const isContinued = /\\\s*$/.test(cut) && name !== 'policy';
    const normalized = normalize(cut.replace(/\\\s*$/, ''));
    if (unfinished === null && normalized === '') continue;
    const row: Row = unfinished ?? { line: at + 1, text: '', indent: cut.search(/\S/) };
    row.text = `${row.text} ${normalized}`.trim();
    if (unfinished === null) rows.push(row);
    unfinished = isContinued ? row : null;
  }
  return rows;
}

/** Returns the rows that occur more often in `rows` than in `others`. */
export function additionalRows(rows: readonly Row[], others: readonly Row[]): Row[] {
  const remaining = new Map<string, number>();
  for (const { text } of others) remaining.set(text, (remaining.get(text) ?? 0) + 1);
  return rows.filter(({ text }) => {
    const count = remaining.get(text) ?? 0;
    remaining.set(text, count - 1);
    return count <= 0;
  });
}

const HEADINGS = new WeakMap<readonly Row[], Map<number, Row>>();

/** Returns the nearest row above with a smaller indent. */
export function headingOf(rows: readonly Row[], row: Row): Row | undefined {
  const known = HEADINGS.get(rows) ?? headingsIn(rows);
  HEADINGS.set(rows, known);
  return known.get(row.line);
}

/** Returns headings by line number. */
function headingsIn(rows: readonly Row[]): Map<number, Row> {
  const found = new Map<number, Row>();
  const headings: Row[] = [];
  for (const row of rows) {
    while (headings.length > 0 && (headings.at(-1)?.indent ?? 0) >= row.indent) headings.pop();
    const heading = headings.at(-1);
    if (heading !== undefined) found.set(row.line, heading);
    headings.push(row);
  }
  return found;
}

function isComment(line: string, name: SetUpKind['name'], at: number): boolean {
  const text = line.trim();
  // Docker's parser directives and the first line of a script look like comments, but have an effect.
  if (name === 'image' && /^#\s*(?:syntax|escape)\s*=/i.test(text)) return false;
  if (at === 0 && text.startsWith('#!')) return false;
  if (/^(?:#|\/\/)/.test(text)) return true;
  if (name === 'infrastructure' || name === 'pipeline') return /^(?:\/\*(?!.*\*\/.)|\*\/$|\*\s)/.test(text);
  return name === 'unit' && text.startsWith(';');
}

function normalize(line: string): string {
  const bare = /["'`]/.test(line) ? line : line.replace(/\s#\s.*$/, '');
  return bare.trim().replace(/["'`]/g, '').replace(/\s+/g, ' ').replace(/ ?,$/, '');
}
