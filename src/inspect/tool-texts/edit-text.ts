/**
 * Exact edits of a text: each `old` stands in it once, and is replaced. Pure, and linear in the text for each edit.
 *
 * A line end in `old` stands for the file's own, so that a text is found in a file with CRLF, too; what is put in its place takes
 * the ends of the lines that it replaces. An `old` with a CR is taken as it stands.
 */
import { usualLineEnd, withLineEnds } from '../text-bytes';
import { explainMissing } from './explain-missing';

export interface TextEdit {
  old: string;
  new: string;
  /** Every place; else there must be one. */
  all?: boolean | null | undefined;
}
export interface Edited {
  text: string;
  /** How many were replaced. */
  places: number;
  /** The lines of the new text at which they begin; of many places only the first ones. */
  lines: number[];
}
interface Span {
  from: number;
  to: number;
}

/** Of one edit; the lines of further places are not told. */
const TOLD_PLACES = 20;
/** Of one edit. */
const MOST_PLACES = 100_000;
/** What all edits together may add, and how long they may make a text, in characters: edits of edits grow without a limit. */
const GROWTH_CHARS = 1024 * 1024;
const MOST_CHARS = 16 * 1024 * 1024;

/** All edits in their order, or the problem of the first that cannot be made, as one sentence without a full stop. */
export function editText(text: string, edits: TextEdit[]): Edited | { problem: string } {
  let now = text;
  const most = Math.max(text.length, Math.min(text.length + GROWTH_CHARS, MOST_CHARS));
  let places = 0;
  let told: number[] = [];
  for (const [index, edit] of edits.entries()) {
    const name = edits.length === 1 ? '' : `edit ${index + 1} of ${edits.length}: `;
    const spans = edit.old === '' ? [] : placesOf(now, edit.old);
    const problem = problemOf(now, edit, spans) ?? growthProblem(now, edit, { spans, most });
    if (problem !== undefined) return { problem: name + problem };
    const made = replace(now, spans, edit);
    told = [...told.map(made.moved), ...spans.slice(0, TOLD_PLACES).map(({ from }) => made.moved(from))];
    places += spans.length;
    now = made.text;
  }
  const ends = lineEndsOf(now);
  return { text: now, places, lines: [...new Set(told.map((at) => countBelow(ends, at) + 1))].sort((a, b) => a - b) };
}

function problemOf(text: string, edit: TextEdit, spans: Span[]): string | undefined {
  if (edit.old === '') return 'old is empty; append adds at the end, write makes a new file';
  if (edit.old === edit.new) return 'old and new are the same';
  if (spans.length === 0) return explainMissing(text, edit.old);
  if (spans.length === 1 || edit.all === true) return undefined;
  const ends = lineEndsOf(text);
  const lines = spans.slice(0, TOLD_PLACES).map(({ from }) => countBelow(ends, from) + 1);
  const more = spans.length > TOLD_PLACES ? ' and more' : '';
  return `old stands in ${spans.length} places, at lines ${lines.join(', ')}${more}; give more of the text around one, or all: true`;
}

/** Said before the text is built. A line end of `new` may become two characters. */
function growthProblem(text: string, edit: TextEdit, { spans, most }: { spans: Span[]; most: number }) {
  if (spans.length > MOST_PLACES)
    return `old stands in more than ${MOST_PLACES} places, which is too many for one edit`;
  const put = edit.new.length + (text.includes('\r') ? edit.new.split('\n').length - 1 : 0);
  const chars = spans.reduce((sum, { from, to }) => sum + put - (to - from), text.length);
  return chars > most ? `the text would have ${chars} characters after it; it may have ${most}` : undefined;
}

/** Where `old` stands, from left to right, none within another. */
function placesOf(text: string, old: string): Span[] {
  if (old.includes('\r') || !text.includes('\r\n')) return occurrences(text, old);
  const bare = text.replaceAll('\r\n', '\n');
  const ends: number[] = [];
  for (let at = text.indexOf('\r\n'); at !== -1; at = text.indexOf('\r\n', at + 2)) ends.push(at - ends.length);
  // A CR more for each CRLF that lies before the place.
  const inText = (at: number): number => at + countBelow(ends, at);
  return occurrences(bare, old).map(({ from, to }) => ({ from: inText(from), to: inText(to) }));
}

function occurrences(text: string, old: string): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(old); at !== -1 && found.length <= MOST_PLACES; at = text.indexOf(old, at + old.length))
    found.push({ from: at, to: at + old.length });
  return found;
}

/** `moved`: where a place of the text is after it. */
function replace(text: string, spans: Span[], edit: TextEdit): { text: string; moved: (at: number) => number } {
  const usual = usualLineEnd(text);
  const parts: string[] = [];
  /** By how much all before and with each span grew. */
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

/** How many of the ascending numbers are smaller. */
function countBelow(numbers: number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
