/**
 * Finds the lines of files that a conversation has shown to its model. It reads them from the messages, so that it needs no state.
 *
 * It serves one rule: the tool `write` must not replace a long file that the model has not seen completely.
 */
import type { ModelMessage, ToolCall, ToolResult } from '../../ports/model';
import type { SeenFiles } from './tool-context';
import { pathIn } from './tool-context';
import { LINE_CHARS, linesOf } from '../../inspect/tool-texts/show';

/** The start of the last line of a text that `steps/fit-window.ts` has cut. A line of a file begins with its number instead. */
const CUT_NOTE_START = "[cut to fit this model's context: ";

/**
 * Gives the lines that the messages show or that their calls wrote. `shown`: files that the first message shows completely; they do
 * not count where that message was cut.
 */
export function seenIn(messages: readonly ModelMessage[], shown: SeenFiles = {}): SeenFiles {
  const calls = new Map<string, ToolCall>();
  let seen: SeenFiles = isCutBegin(messages[0]) ? {} : shown;
  for (const message of messages) {
    if (message.from === 'model') for (const call of message.toolCalls) calls.set(call.id, call);
    if (message.from !== 'tools') continue;
    for (const result of message.results) {
      const call = calls.get(result.id);
      if (call !== undefined)
        seen = seenAfter(call.name === 'read' ? withRead(seen, call, result) : seen, call, result.output);
    }
  }
  return seen;
}

/** True for a message of the orchestrator whose end was cut, so that files at its end may be missing. */
export function isCutBegin(message: ModelMessage | undefined): boolean {
  if (message?.from !== 'user') return false;
  const last = message.text.slice(message.text.lastIndexOf('\n') + 1);
  return last.startsWith(CUT_NOTE_START) && last.endsWith(']');
}

/** Gives a function that finds an earlier result by its id. */
export function resultsIn(messages: readonly ModelMessage[]): (id: string) => ToolResult | undefined {
  const all = messages.flatMap((message) => (message.from === 'tools' ? message.results : []));
  const results = new Map(all.map((result) => [result.id, result]));
  return (id) => results.get(id);
}

/** Stands for the number of lines of a file of which the conversation has shown only parts of lines. */
const UNKNOWN = Number.MAX_SAFE_INTEGER;

/** True where every line was shown, or the conversation wrote the file. `now`: its current number of lines, where it is known. */
export function isSeenWhole(seen: SeenFiles, path: string, now = UNKNOWN): boolean {
  if (!Object.hasOwn(seen, path)) return false;
  const { lines = 0, ranges = [] } = seen[path] ?? {};
  let next = 1;
  for (const [from, to] of ranges) if (from <= next) next = Math.max(next, to + 1);
  return next > Math.min(lines, now);
}

/**
 * Gives the seen lines after a call that changed a file. What a `read` call showed is added by `seenIn` only, since the model sees
 * the result after the turn.
 */
export function seenAfter(seen: SeenFiles, call: ToolCall, output: string): SeenFiles {
  if (output.startsWith('error:')) return seen;
  const input = (call.input ?? {}) as Record<string, unknown>;
  const at = (name: string): string => (typeof input[name] === 'string' ? pathIn(input[name]) : '');
  const path = at('path');
  switch (call.name) {
    case 'write':
      return typeof input.content === 'string' ? withWhole(seen, path, input.content) : without(seen, path);
    case 'append':
      if (output.startsWith('written ') && typeof input.content === 'string')
        return withWhole(seen, path, input.content);
      return isSeenWhole(seen, path) ? seen : without(seen, path);
    case 'edit':
      // An edit may have changed the numbers of the lines that were shown.
      return isSeenWhole(seen, path) ? seen : without(seen, path);
    case 'delete':
      return without(seen, path);
    case 'move': {
      const movedLines = Object.hasOwn(seen, at('from')) ? seen[at('from')] : undefined;
      const withoutOld = without(seen, at('from'));
      return movedLines === undefined ? without(withoutOld, at('to')) : { ...withoutOld, [at('to')]: movedLines };
    }
    default:
      return seen;
  }
}

/**
 * Adds the lines of a `read` result. Its first line is `<path>: lines 1 to 400 of 9,812 (…)` before whole lines, or
 * `<path>: line 3, characters 2,001 to 2,500 of 2,500 (…)` before a part of one line.
 */
function withRead(seen: SeenFiles, call: ToolCall, { output }: ToolResult): SeenFiles {
  const [head = '', ...rows] = output.split('\n');
  const path = pathIn(String((call.input as { path?: unknown } | null)?.path ?? ''));
  if (!head.startsWith(`${path}: line`)) return seen;
  const about = head.slice(path.length);
  const earlierLines = Object.hasOwn(seen, path) ? seen[path] : undefined;
  const part = /^: line ([\d,]+), characters ([\d,]+) to ([\d,]+) of ([\d,]+) /.exec(about)?.slice(1).map(numberOf);
  if (part !== undefined) {
    if (rows.some((row) => row.startsWith(CUT_NOTE_START))) return seen;
    const [line = 0, first = 0, last = 0, length = 0] = part;
    const { lines, ranges, parts = [] }: SeenFiles[string] = earlierLines ?? { lines: UNKNOWN, ranges: [] };
    const all: typeof parts = [...parts, [line, first, last]];
    const isWhole = lastShownCharacter(all, line) >= length;
    return withRanges(seen, path, { lines, ranges: isWhole ? [...ranges, [line, line]] : ranges, parts: all });
  }
  const span = /^: lines ([\d,]+) to ([\d,]+) of ([\d,]+) /.exec(about)?.slice(1).map(numberOf);
  if (span === undefined) return seen;
  const [from = 0, to = 0, lines = 0] = span;
  const shown = rangesOf(wholeRows(rows, from).slice(0, to - from + 1), from);
  // Where the number of lines has changed, the earlier ranges are void, unless the conversation wrote the file itself.
  const earlierRanges: Array<[number, number]> = isSeenWhole(seen, path)
    ? [[1, lines]]
    : earlierLines?.lines === lines || earlierLines?.lines === UNKNOWN
      ? earlierLines.ranges
      : [];
  const parts = [
    ...(earlierRanges === earlierLines?.ranges ? (earlierLines.parts ?? []) : []),
    ...cutLinesOf(rows, from),
  ];
  return withRanges(seen, path, { lines, ranges: [...earlierRanges, ...shown], parts });
}

/** Gives the last character up to which the line was shown without a gap. */
function lastShownCharacter(parts: Array<[number, number, number]>, line: number): number {
  const partsOfLine = parts.filter(([number]) => number === line).sort(([, one], [, other]) => one - other);
  return partsOfLine.reduce((reach, [, first, last]) => (first <= reach + 1 ? Math.max(reach, last) : reach), 0);
}

/** Gives the long lines of which only the beginning was shown. */
function cutLinesOf(rows: string[], from: number): Array<[number, number, number]> {
  return wholeRows(rows, from).flatMap((row, at) =>
    row.length - row.indexOf('\t') - 1 > LINE_CHARS ? [[from + at, 1, LINE_CHARS] as [number, number, number]] : [],
  );
}

/** Gives the rows that begin with their line number. Before a cut, the last row may be incomplete, so it is dropped. */
function wholeRows(rows: string[], from: number): string[] {
  const end = rows.findIndex((row, at) => !row.startsWith(`${from + at}\t`));
  if (end === -1) return rows;
  const isCut = rows.slice(end).some((row) => row.startsWith(CUT_NOTE_START));
  return rows.slice(0, isCut ? Math.max(0, end - 1) : end);
}

/** Gives the ranges of lines that were shown completely. */
function rangesOf(rows: string[], from: number): Array<[number, number]> {
  const ranges: Array<[number, number]> = [];
  for (const [at, row] of rows.entries()) {
    if (row.length - row.indexOf('\t') - 1 > LINE_CHARS) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === from + at - 1) last[1] = from + at;
    else ranges.push([from + at, from + at]);
  }
  return ranges;
}

function withWhole(seen: SeenFiles, path: string, content: string): SeenFiles {
  const lines = linesOf(content).length;
  return withRanges(seen, path, { lines, ranges: [[1, lines]] });
}

function withRanges(seen: SeenFiles, path: string, { lines, ranges, parts = [] }: SeenFiles[string]): SeenFiles {
  const sorted = [...ranges].sort(([one], [other]) => one - other);
  return { ...seen, [path]: { lines, ranges: sorted, ...(parts.length === 0 ? {} : { parts }) } };
}

function without(seen: SeenFiles, path: string): SeenFiles {
  return Object.fromEntries(Object.entries(seen).filter(([name]) => name !== path));
}

function numberOf(text: string): number {
  return Number(text.replaceAll(',', ''));
}
