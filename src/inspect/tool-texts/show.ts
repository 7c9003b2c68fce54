/**
 * Answers of tools within their bounds: whole rows, a last line that says what is left out, and cuts at characters only.
 */
import { cutText, tailOf, wholeUpTo } from '../../domain/text';

/** Of one answer. */
export const LIMIT_CHARS = 24_000;
/** Of one line of a file; the rest is shown by `column`. */
export const LINE_CHARS = 2_000;
/** Of one page of a file, where the call names no number. */
export const READ_LINES = 400;
/** Kept free for the last line, which may name a long call. */
const LAST_LINE_CHARS = 1_500;

export interface Rows {
  /** The first line, given the first and the last row shown, from 1. */
  head: (first: number, last: number) => string;
  rows: string[];
  /** How a row is shown, given its number, where that differs; asked only for rows of the page. */
  show?: (row: string, number: number) => string;
  /** The first row to show, from 1. */
  from: number;
  /** Rows of a page. */
  most: number;
  /** The last line, given the row that is next; asked only where there is one. */
  rest: (next: number) => string;
  /** Added to the last line. */
  notes?: (first: number, last: number) => string[];
}

/** At least one row, and no more than fit. */
export function page({ head, rows, show = (row) => row, from, most, rest, notes }: Rows): string {
  const lastLine = Math.max(LAST_LINE_CHARS, rest(rows.length).length + LAST_LINE_CHARS / 2);
  const room = LIMIT_CHARS - lastLine - head(rows.length, rows.length).length;
  const shown: string[] = [];
  let last = from - 1;
  let used = 0;
  while (last < rows.length && last - from + 1 < most) {
    const row = show(rows[last] ?? '', last + 1);
    used += row.length + 1;
    if (used > room && last >= from) break;
    shown.push(row);
    last += 1;
  }
  const left = [...(last < rows.length ? [rest(last + 1)] : []), ...(notes?.(from, last) ?? [])];
  return [head(from, last), ...shown, ...(left.length > 0 ? [`[${left.join('; ')}]`] : [])].join('\n');
}

/** `9,812`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 hit`, `37 hits`. */
export function counted(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`;
}

/** A call as the model would write it. */
export function callOf(tool: string, input: Record<string, unknown>): string {
  const given = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
  return `${tool} ${JSON.stringify(Object.fromEntries(given))}`;
}

/** What comes from a repository and must stay on its row. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ');
}

/** Lines without their ends; what follows the last line end is no line where it is empty. */
export function linesOf(text: string): string[] {
  const lines = text.split(text.includes('\r\n') ? /\r?\n/ : '\n');
  const last = lines.pop() ?? '';
  if (last !== '') lines.push(last.endsWith('\r') ? last.slice(0, -1) : last);
  return lines;
}

/** As many as `linesOf` gives, without making them. */
export function countLines(text: string): number {
  let lines = 0;
  let from = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
    lines += 1;
    from = at + 1;
  }
  return from < text.length ? lines + 1 : lines;
}

/** `<number> TAB <text>`, a long line by its begin. */
export function numbered(line: string, number: number): string {
  if (line.length <= LINE_CHARS) return `${number}\t${line}`;
  const shown = cutText(line, LINE_CHARS);
  return `${number}\t${shown} [+${count(line.length - shown.length)} characters]`;
}

/** The first and the last part of a long text. */
export function bothEnds(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const half = Math.floor((chars - 100) / 2);
  const [head, tail] = [cutText(text, half), tailOf(text, half)];
  return `${head}\n[… ${count(text.length - head.length - tail.length)} characters are left out here …]\n${tail}`;
}

/** A part of a line from a column (from 1) on, and the column after it. */
export function columnsOf(line: string, column: number): { from: number; next: number; text: string } {
  const from = wholeUpTo(line, column - 1);
  const to = wholeUpTo(line, from + LIMIT_CHARS - 4_000);
  return { from: from + 1, next: to + 1, text: line.slice(from, to) };
}

/** True for a text that one `read` without a number of lines shows from its first to its last character. */
export function showsWhole(text: string): boolean {
  if (text.length > LIMIT_CHARS) return false;
  const lines = linesOf(text);
  if (lines.length > READ_LINES || lines.some((line) => line.length > LINE_CHARS)) return false;
  const chars = lines.reduce((sum, line, at) => sum + numbered(line, at + 1).length + 1, 0);
  return chars <= LIMIT_CHARS - LAST_LINE_CHARS - 600;
}
