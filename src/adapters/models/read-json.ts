/**
 * Finds the one JSON object in a model's text, and ignores the text around it.
 *
 * It repairs only two unambiguous errors: a raw line end or tab within a string, and a comma before a closing bracket. A
 * general repairer such as `jsonrepair` also closes an incomplete object, joins two answers and adds quotes, so an incomplete
 * answer would be accepted as a complete one.
 */
import { isDeepStrictEqual } from 'node:util';

/** `broken`: an object begins and cannot be parsed. `several`: the text has different objects. */
export type ReadJson = { kind: 'read'; value: unknown } | { kind: 'none' | 'broken' | 'several' };

/** Bounds the work: each unclosed bracket costs one pass over the text. */
const MAX_UNCLOSED = 24;
const MAX_CHARS = 4_000_000;
/** The beginning of an object or of a list of objects. Prose contains braces, too. */
const LOOKS_LIKE_JSON = /^(?:\{\s*["}]|\[\s*\{\s*["}])/;

export function readJson(text: string): ReadJson {
  const whole = parse(text.trim());
  if (whole !== undefined && typeof whole.value === 'object') return { kind: 'read', value: whole.value };
  if (text.length > MAX_CHARS) return { kind: 'broken' };
  return fromObjects(objectsIn(withoutThinking(text)));
}

function fromObjects(found: Found[]): ReadJson {
  const real = found.filter(({ value }) => !isEmptyObject(value));
  const [first, ...others] = real.length > 0 ? real : found;
  if (first === undefined) return { kind: 'none' };
  if (real.some(({ isBroken }) => isBroken)) return { kind: 'broken' };
  return others.every(({ value }) => isSame(value, first.value))
    ? { kind: 'read', value: first.value }
    : { kind: 'several' };
}

interface Found {
  value?: unknown;
  isBroken?: true;
}

function objectsIn(text: string): Found[] {
  const found: Found[] = [];
  const bracket = /[{[]/g;
  for (let unclosed = 0; unclosed < MAX_UNCLOSED;) {
    const start = bracket.exec(text)?.index;
    if (start === undefined) return found;
    const isLikely = LOOKS_LIKE_JSON.test(text.slice(start, start + 200));
    if (text[start] === '[' && !isLikely) continue;
    const span = spanAt(text, start);
    const parsed = span && isLikely ? parse(span.mended) : undefined;
    if (parsed !== undefined) found.push(parsed);
    // An object inside a broken object is only a part of the answer, so the search ends here.
    else if (isLikely) return [...found, { isBroken: true }];
    if (span === undefined) unclosed++;
    else bracket.lastIndex = span.end;
  }
  return [...found, { isBroken: true }];
}

/** Finds the closing bracket and repairs the text up to it, in one pass. Returns undefined if the bracket is not closed. */
function spanAt(text: string, start: number): { end: number; mended: string } | undefined {
  const pieces: string[] = [];
  let copied = start;
  const replace = (from: number, to: number, by: string) => {
    pieces.push(text.slice(copied, from), by);
    copied = to;
  };
  let depth = 0;
  let isInString = false;
  let comma = -1;
  for (let at = start; at < text.length; at++) {
    const sign = text[at] as string;
    if (isInString) {
      if (sign === '\\') at++;
      else if (sign === '"') isInString = false;
      else if (sign < ' ') replace(at, at + 1, JSON.stringify(sign).slice(1, -1));
      continue;
    }
    if (sign <= ' ') continue;
    if (sign === '}' || sign === ']') {
      if (comma >= 0) replace(comma, comma + 1, '');
      if (--depth === 0) return { end: at + 1, mended: pieces.join('') + text.slice(copied, at + 1) };
    } else if (sign === '{' || sign === '[') depth++;
    else if (sign === '"') isInString = true;
    comma = sign === ',' ? at : -1;
  }
  return undefined;
}

const THINKING = /^\s*<(think|thinking|thought|reasoning)>/i;
/** A closing tag without an opening one: some servers put the opening tag into the prompt. */
const THOUGHT_UNOPENED = /(?:^|\n)[ \t]*<\/think(?:ing)?>|<\/think(?:ing)?>[ \t]*(?:\r?\n|$)/i;

/** Removes the model's reasoning before its answer. Returns an empty text if no answer follows. */
export function withoutThinking(text: string): string {
  let rest = text;
  for (let blocks = 0; blocks < 20; blocks++) {
    const name = THINKING.exec(rest)?.[1];
    if (name === undefined) break;
    const close = rest.toLowerCase().indexOf(`</${name.toLowerCase()}>`);
    if (close < 0) return '';
    rest = rest.slice(close + name.length + 3);
  }
  const unopened = rest === text ? THOUGHT_UNOPENED.exec(rest) : null;
  if (unopened === null || /<think/i.test(rest.slice(0, unopened.index))) return rest;
  return rest.slice(unopened.index + unopened[0].length);
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
