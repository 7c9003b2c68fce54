/**
 * Keeps answers of tools within their limits: whole rows, a last line that says how to see the rest, and no cut within a character.
 */
import { cutText, tailOf, wholeCharactersUpTo } from '../../domain/text';

/** The longest answer of a tool. */
export const LIMIT_CHARS = 24_000;
/** The longest shown part of one line of a file; the member `column` of a call shows the rest. */
export const LINE_CHARS = 2_000;
/** How many lines a page has if the call gives no number. */
export const READ_LINES = 400;
/** Reserved for the last line, which can contain a long call. */
const LAST_LINE_CHARS = 1_500;

export interface Rows {
  /** Builds the first line from the numbers of the first and the last shown row, which begin at 1. */
  head: (first: number, last: number) => string;
  rows: string[];
  /** Formats a row, given its number; called only for rows of the page. */
  show?: (row: string, number: number) => string;
  /** The first row to show; row numbers begin at 1. */
  from: number;
  /** The largest number of rows on a page. */
  most: number;
  /** Builds the last line from the number of the next row; called only if there is a next row. */
  rest: (next: number) => string;
  /** Texts that are added to the last line. */
  notes?: (first: number, last: number) => string[];
}

/** Builds a page: at least one row, and otherwise only as many rows as fit. */
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

/** Formats a number, such as `9,812`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** Formats a number with its noun, such as `1 hit` or `37 hits`. */
export function counted(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`;
}

/** A call of a tool, as the model would write it. */
export function callOf(tool: string, input: Record<string, unknown>): string {
  const given = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
  return `${tool} ${JSON.stringify(Object.fromEntries(given))}`;
}

/** Removes line breaks from a text of a repository that must stay on one row. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ');
}

/** The lines without their line ends. An empty text after the last line end is not a line. */
export function linesOf(text: string): string[] {
  const lines = text.split(text.includes('\r\n') ? /\r?\n/ : '\n');
  const last = lines.pop() ?? '';
  if (last !== '') lines.push(last.endsWith('\r') ? last.slice(0, -1) : last);
  return lines;
}

/** The number of lines that `linesOf` returns, without building them. */
export function countLines(text: string): number {
  let lines = 0;
  let from = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
    lines += 1;
    from = at + 1;
  }
  return from < text.length ? lines + 1 : lines;
}

/** Formats a line as `<number> TAB <text>`; of a long line only its beginning. */
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

/** A part of a line that begins at a column (counted from 1), and the column after that part. */
export function columnsOf(line: string, column: number): { from: number; next: number; text: string } {
  const from = wholeCharactersUpTo(line, column - 1);
  const to = wholeCharactersUpTo(line, from + LIMIT_CHARS - 4_000);
  return { from: from + 1, next: to + 1, text: line.slice(from, to) };
}

/** True for a text that one call of `read` shows completely if the call gives no number of lines. */
export function showsWhole(text: string): boolean {
  if (text.length > LIMIT_CHARS) return false;
  const lines = linesOf(text);
  if (lines.length > READ_LINES || lines.some((line) => line.length > LINE_CHARS)) return false;
  const chars = lines.reduce((sum, line, at) => sum + numbered(line, at + 1).length + 1, 0);
  return chars <= LIMIT_CHARS - LAST_LINE_CHARS - 600;
}
