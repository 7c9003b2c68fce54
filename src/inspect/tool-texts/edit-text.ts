/**
 * Makes exact edits in a text: each `old` must occur once, and is replaced. Pure, and linear in the text for each edit.
 *
 * A line end in `old` matches the file's own line end, so that the text is found in a file with CRLF, too. The replacement gets the
 * line ends of the lines that it replaces. An `old` that has a CR is compared exactly.
 */
import { usualLineEnd, withLineEnds } from '../text-bytes';
import { explainMissing } from './explain-missing';

export interface TextEdit {
  old: string;
  new: string;
  /** True: replace every occurrence. Otherwise `old` must occur exactly once. */
  all?: boolean | null | undefined;
}
export interface Edited {
  text: string;
  /** How many occurrences were replaced. */
  places: number;
  /** The lines of the new text at which the replacements begin; of many replacements only the first ones. */
  lines: number[];
}
interface Span {
  from: number;
  to: number;
}

/** How many places of one edit are listed by their lines. */
const MAX_PLACES_LISTED = 20;
/** How many occurrences one edit may replace. */
const MAX_PLACES = 100_000;
/** How much all edits together may add, in characters: edits of edits would grow without a limit. */
const GROWTH_CHARS = 1024 * 1024;
/** How long edits may make a text. */
const MAX_CHARS = 16 * 1024 * 1024;

/** Makes all edits in their order, or returns the problem of the first impossible one, as a sentence without a full stop. */
export function editText(text: string, edits: TextEdit[]): Edited | { problem: string } {
  let now = text;
  const most = Math.max(text.length, Math.min(text.length + GROWTH_CHARS, MAX_CHARS));
  let places = 0;
  let startOffsets: number[] = [];
  for (const [index, edit] of edits.entries()) {
    const name = edits.length === 1 ? '' : `edit ${index + 1} of ${edits.length}: `;
    const spans = edit.old === '' ? [] : placesOf(now, edit.old);
    const problem = problemOf(now, edit, spans) ?? growthProblem(now, edit, { spans, most });
    if (problem !== undefined) return { problem: name + problem };
    const made = replace(now, spans, edit);
    startOffsets = [
      ...startOffsets.map(made.moved),
      ...spans.slice(0, MAX_PLACES_LISTED).map(({ from }) => made.moved(from)),
    ];
    places += spans.length;
    now = made.text;
  }
  const ends = lineEndsOf(now);
  return {
    text: now,
    places,
    lines: [...new Set(startOffsets.map((at) => countBelow(ends, at) + 1))].sort((a, b) => a - b),
  };
}

function problemOf(text: string, edit: TextEdit, spans: Span[]): string | undefined {
  if (edit.old === '') return 'old is empty; append adds at the end, write makes a new file';
  if (edit.old === edit.new) return 'old and new are the same';
  if (spans.length === 0) return explainMissing(text, edit.old);
  if (spans.length === 1 || edit.all === true) return undefined;
  const ends = lineEndsOf(text);
  const lines = spans.slice(0, MAX_PLACES_LISTED).map(({ from }) => countBelow(ends, from) + 1);
  const more = spans.length > MAX_PLACES_LISTED ? ' and more' : '';
  return `old stands in ${spans.length} places, at lines ${lines.join(', ')}${more}; give more of the text around one, or all: true`;
}

/** Checks the size before the new text is built. A line end in `new` can become two characters. */
function growthProblem(text: string, edit: TextEdit, { spans, most }: { spans: Span[]; most: number }) {
  if (spans.length > MAX_PLACES) return `old stands in more than ${MAX_PLACES} places, which is too many for one edit`;
  const put = edit.new.length + (text.includes('\r') ? edit.new.split('\n').length - 1 : 0);
  const chars = spans.reduce((sum, { from, to }) => sum + put - (to - from), text.length);
  return chars > most ? `the text would have ${chars} characters after it; it may have ${most}` : undefined;
}

/** Returns the places at which `old` occurs, from left to right, without overlaps. */
function placesOf(text: string, old: string): Span[] {
  if (old.includes('\r') || !text.includes('\r\n')) return occurrences(text, old);
  const bare = text.replaceAll('\r\n', '\n');
  const ends: number[] = [];
  for (let at = text.indexOf('\r\n'); at !== -1; at = text.indexOf('\r\n', at + 2)) ends.push(at - ends.length);
  // The text has one character more than `bare` for each CRLF before the place.
  const inText = (at: number): number => at + countBelow(ends, at);
  return occurrences(bare, old).map(({ from, to }) => ({ from: inText(from), to: inText(to) }));
}

function occurrences(text: string, old: string): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(old); at !== -1 && found.length <= MAX_PLACES; at = text.indexOf(old, at + old.length))
    found.push({ from: at, to: at + old.length });
  return found;
}

/** `moved`: maps a position of the old text to the new text. */
function replace(text: string, spans: Span[], edit: TextEdit): { text: string; moved: (at: number) => number } {
  const usual = usualLineEnd(text);
  const parts: string[] = [];
  /** How much the text has grown after each span, in characters. */
  const grown: number[] = [];
  let done = 0;
  let sum = 0;
  for (const { from, to } of spans) {
    const put = edit.old.includes('\r') ? edit.new : withLineEnds(text.slice(from, to), edit.new, usual);
    parts.push(text.slice(done, from), put);
    sum += put.length - (to - from);
    grown.push(sum);
    done = to;
  }
  parts.push(text.slice(done));
  const begins = spans.map(({ from }) => from);
  const moved = (at: number): number => Math.max(0, at + (grown[countBelow(begins, at) - 1] ?? 0));
  return { text: parts.join(''), moved };
}

function lineEndsOf(text: string): number[] {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at);
  return ends;
}

/** Returns how many of the numbers are smaller than the limit. The numbers are in ascending order. */
function countBelow(numbers: number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
