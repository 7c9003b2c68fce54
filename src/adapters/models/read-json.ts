/**
 * Finds the one JSON object in a model's text, and ignores the text around it.
 *
 * It repairs only two unambiguous errors: a raw line end or tab within a string, and a comma before a closing bracket. A
 * general repairer such as `jsonrepair` also closes an incomplete object, joins two answers and adds quotes, so an incomplete
 * answer would be accepted as a complete one.
 */
import { isDeepStrictEqual } from 'node:util';

/** `broken`: an object begins and cannot be parsed. `several`: the text has different objects. */
export type JsonReading = { kind: 'read'; value: unknown } | { kind: 'none' | 'broken' | 'several' };

/** Bounds the work: each unclosed bracket costs one pass over the text. */
const MAX_UNCLOSED = 24;
const MAX_CHARS = 4_000_000;
/** The beginning of an object or of a list of objects. Prose contains braces, too. */
const LOOKS_LIKE_JSON = /^(?:\{\s*["}]|\[\s*\{\s*["}])/;

export function readJson(text: string): JsonReading {
  const whole = parse(text.trim());
  if (whole !== undefined && typeof whole.value === 'object') return { kind: 'read', value: whole.value };
  if (text.length > MAX_CHARS) return { kind: 'broken' };
  return fromObjects(objectsIn(withoutThinking(text)));
}

function fromObjects(found: FoundObject[]): JsonReading {
  const nonEmpty = found.filter(({ value }) => !isEmptyObject(value));
  const [first, ...others] = nonEmpty.length > 0 ? nonEmpty : found;
  if (first === undefined) return { kind: 'none' };
  if (nonEmpty.some(({ isBroken }) => isBroken)) return { kind: 'broken' };
  return others.every(({ value }) => isSame(value, first.value))
    ? { kind: 'read', value: first.value }
    : { kind: 'several' };
}

interface FoundObject {
  value?: unknown;
  isBroken?: true;
}

function objectsIn(text: string): FoundObject[] {
  const found: FoundObject[] = [];
  const bracket = /[{[]/g;
  for (let unclosed = 0; unclosed < MAX_UNCLOSED;) {
    const start = bracket.exec(text)?.index;
    if (start === undefined) return found;
    const isLikely = LOOKS_LIKE_JSON.test(text.slice(start, start + 200));
    if (text[start] === '[' && !isLikely) continue;
    const span = spanAt(text, start);
    const parsed = span && isLikely ? parse(span.repaired) : undefined;
    if (parsed !== undefined) found.push(parsed);
    // An object inside a broken object is only a part of the answer, so the search ends here.
    else if (isLikely) return [...found, { isBroken: true }];
    if (span === undefined) unclosed++;
    else bracket.lastIndex = span.end;
  }
  return [...found, { isBroken: true }];
}

/** Finds the closing bracket and repairs the text up to it, in one pass. Returns undefined if the bracket is not closed. */
function spanAt(text: string, start: number): { end: number; repaired: string } | undefined {
  const pieces: string[] = [];
  let copiedEnd = start;
  const replace = (from: number, to: number, by: string) => {
    pieces.push(text.slice(copiedEnd, from), by);
    copiedEnd = to;
  };
  let depth = 0;
  let isInString = false;
  let comma = -1;
  for (let index = start; index < text.length; index++) {
    const character = text[index] as string;
    if (isInString) {
      if (character === '\\') index++;
      else if (character === '"') isInString = false;
      else if (character < ' ') replace(index, index + 1, JSON.stringify(character).slice(1, -1));
      continue;
    }
    if (character <= ' ') continue;
    if (character === '}' || character === ']') {
      if (comma >= 0) replace(comma, comma + 1, '');
      if (--depth === 0) return { end: index + 1, repaired: pieces.join('') + text.slice(copiedEnd, index + 1) };
    } else if (character === '{' || character === '[') depth++;
    else if (character === '"') isInString = true;
    comma = character === ',' ? index : -1;
  }
  return undefined;
}

const THINKING = /^\s*<(think|thinking|thought|reasoning)>/i;
/** A closing tag without an opening one: some servers put the opening tag into the prompt. */
const LONE_CLOSING_TAG = /(?:^|\n)[ \t]*<\/think(?:ing)?>|<\/think(?:ing)?>[ \t]*(?:\r?\n|$)/i;

/** Removes the model's reasoning before its answer. Returns an empty text if no answer follows. */
export function withoutThinking(text: string): string {
  let remaining = text;
  for (let blocks = 0; blocks < 20; blocks++) {
    const name = THINKING.exec(remaining)?.[1];
    if (name === undefined) break;
    const close = remaining.toLowerCase().indexOf(`</${name.toLowerCase()}>`);
    if (close < 0) return '';
    remaining = remaining.slice(close + name.length + 3);
  }
  const closingTag = remaining === text ? LONE_CLOSING_TAG.exec(remaining) : null;
  if (closingTag === null || /<think/i.test(remaining.slice(0, closingTag.index))) return remaining;
  return remaining.slice(closingTag.index + closingTag[0].length);
}

function parse(json: string): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return value === null ? undefined : { value };
  } catch {
    return undefined;
  }
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Compares two values. Values that are nested too deep to compare count as different. */
function isSame(a: unknown, b: unknown): boolean {
  try {
    return isDeepStrictEqual(a, b);
  } catch {
    return false;
  }
}
