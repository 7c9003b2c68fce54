/**
 * Text as UTF-16 holds it: where half a character stands in it, and cuts that leave none. Pure.
 */

/** Place of the first half of a character that stands alone, from 0, in UTF-16 units as `String.length` counts; undefined where there is none. */
export function loneSurrogateAt(text: string): number | undefined {
  if (text.isWellFormed()) return undefined;
  // With the flag `u` a pair is one character, so only a lone half has this category.
  return /\p{Cs}/u.exec(text)?.index;
}

export interface HalfCharacter {
  /** Names of the members that lead to the text, or to the name that holds it; empty for the value itself. */
  path: string[];
  at: number;
}

/** The first text with half a character in a JSON value, names of members among them. Walks without recursion. */
export function findHalfCharacter(value: unknown): HalfCharacter | undefined {
  const stack: Place[] = [{ value, name: '', parent: undefined }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const at =
      loneSurrogateAt(place.name) ?? (typeof place.value === 'string' ? loneSurrogateAt(place.value) : undefined);
    if (at !== undefined) return { path: pathTo(place), at };
    if (typeof place.value !== 'object' || place.value === null) continue;
    const parent = place;
    // The last one first, so that the first one is taken next.
    for (const [name, member] of Object.entries(place.value).reverse()) stack.push({ value: member, name, parent });
  }
  return undefined;
}

/** For a message after the name of the field. */
export function describeHalf({ at }: Pick<HalfCharacter, 'at'>): string {
  return `has half a character (a lone surrogate) at position ${at}; send whole characters`;
}

interface Place {
  value: unknown;
  name: string;
  parent: Place | undefined;
}

function pathTo(place: Place): string[] {
  const path: string[] = [];
  for (let one: Place | undefined = place; one?.parent !== undefined; one = one.parent)
    path.unshift(one.name.toWellFormed());
  return path;
}

/** The beginning, at most so many UTF-16 units: a character that does not fit whole is left out. */
export function cutText(text: string, limitChars: number): string {
  if (text.length <= limitChars) return text;
  const last = text.charCodeAt(limitChars - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? Math.max(0, limitChars - 1) : limitChars);
}

/** The end of the text: at most `units` UTF-16 units, and never half a character. */
export function tailOf(text: string, units: number): string {
  if (text.length <= units) return text;
  const from = text.length - Math.max(0, units);
  return text.slice(splitsPair(text, from) ? from + 1 : from);
}

/** The nearest place at or before `units` where the text can be parted. */
export function wholeUpTo(text: string, units: number): number {
  const at = Math.max(0, Math.min(units, text.length));
  return splitsPair(text, at) ? at - 1 : at;
}

/** `line 3, character 12` of a place in a text, both from 1. */
export function placeIn(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return `line ${line}, character ${at - before.lastIndexOf('\n')}`;
}

function splitsPair(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
