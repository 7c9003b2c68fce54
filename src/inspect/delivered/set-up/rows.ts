/**
 * Lines of a file that sets something up, written so that two of them are the same where they do the same. Pure.
 */
import { lastAsked } from '../../last-asked';
import { linesOf } from '../tree';
import type { SetUpKind } from './kinds';

export interface Row {
  /** Counts from 1. */
  line: number;
  /** One space between words, no quotes, no comment behind it. */
  text: string;
  indent: number;
}

const LONGEST_CHARS = 4_000;

/** Without blank lines and comments; a line that goes on in the next one is one row. */
export function rowsOf(text: string, { name }: Pick<SetUpKind, 'name'>): readonly Row[] {
  const known = KNOWN.get(name) ?? lastAsked((one: string) => readRows(one, name), 2);
  KNOWN.set(name, known);
  return known(text);
}

/** The file before and after the change. */
const KNOWN = new Map<SetUpKind['name'], (text: string) => readonly Row[]>();

function readRows(text: string, name: SetUpKind['name']): Row[] {
  const rows: Row[] = [];
  let open: Row | null = null;
  for (const [at, whole] of linesOf(text).entries()) {
    const cut = whole.slice(0, LONGEST_CHARS);
    if (isComment(cut, name, at)) continue;
    const goesOn = /\\\s*$/.test(cut) && name !== 'policy';
    const said = plain(cut.replace(/\\\s*$/, ''));
    if (open === null && said === '') continue;
    const row: Row = open ?? { line: at + 1, text: '', indent: cut.search(/\S/) };
    row.text = `${row.text} ${said}`.trim();
    if (open === null) rows.push(row);
    open = goesOn ? row : null;
  }
  return rows;
}

/** Rows of `rows` that stand there more often than in `others`. */
export function beyond(rows: readonly Row[], others: readonly Row[]): Row[] {
  const left = new Map<string, number>();
  for (const { text } of others) left.set(text, (left.get(text) ?? 0) + 1);
  return rows.filter(({ text }) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}

const HEADINGS = new WeakMap<readonly Row[], Map<number, Row>>();

/** The nearest row above that stands further left. */
export function headingOf(rows: readonly Row[], row: Row): Row | undefined {
  const known = HEADINGS.get(rows) ?? headingsIn(rows);
  HEADINGS.set(rows, known);
  return known.get(row.line);
}

/** By line. */
function headingsIn(rows: readonly Row[]): Map<number, Row> {
  const found = new Map<number, Row>();
  const open: Row[] = [];
  for (const row of rows) {
    while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= row.indent) open.pop();
    const heading = open.at(-1);
    if (heading !== undefined) found.set(row.line, heading);
    open.push(row);
  }
  return found;
}

function isComment(line: string, name: SetUpKind['name'], at: number): boolean {
  const text = line.trim();
  // docker reads these, as sh reads the first line of a script.
  if (name === 'image' && /^#\s*(?:syntax|escape)\s*=/i.test(text)) return false;
  if (at === 0 && text.startsWith('#!')) return false;
  if (/^(?:#|\/\/)/.test(text)) return true;
  if (name === 'infrastructure' || name === 'pipeline') return /^(?:\/\*(?!.*\*\/.)|\*\/$|\*\s)/.test(text);
  return name === 'unit' && text.startsWith(';');
}

function plain(line: string): string {
  const bare = /["'`]/.test(line) ? line : line.replace(/\s#\s.*$/, '');
  return bare.trim().replace(/["'`]/g, '').replace(/\s+/g, ' ').replace(/ ?,$/, '');
}
