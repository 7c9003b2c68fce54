/**
 * Handles UTF-16 text: finds lone surrogates, and cuts texts without splitting a surrogate pair. Pure.
 */

/** Returns the offset of the first lone surrogate, in UTF-16 units from 0; undefined if there is none. */
export function loneSurrogateAt(text: string): number | undefined {
  if (text.isWellFormed()) return undefined;
  // With the flag `u`, a surrogate pair is one character, so only a lone surrogate has this category.
  return /\p{Cs}/u.exec(text)?.index;
}

export interface HalfCharacter {
  /** Member names that lead to the text, or to the member name that contains the surrogate; empty for the value itself. */
  path: string[];
  at: number;
}

/** Finds the first lone surrogate in the texts and member names of a JSON value. Does not recurse. */
export function findHalfCharacter(value: unknown): HalfCharacter | undefined {
  const stack: JsonMember[] = [{ value, name: '', parent: undefined }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const at =
      loneSurrogateAt(place.name) ?? (typeof place.value === 'string' ? loneSurrogateAt(place.value) : undefined);
    if (at !== undefined) return { path: pathTo(place), at };
    if (typeof place.value !== 'object' || place.value === null) continue;
    const parent = place;
    // Push in reverse order, so that the first member is popped next.
    for (const [name, member] of Object.entries(place.value).reverse()) stack.push({ value: member, name, parent });
  }
  return undefined;
}

/** The end of an error message that begins with the field's name. */
export function describeHalfCharacter({ at }: Pick<HalfCharacter, 'at'>): string {
  return `has half a character (a lone surrogate) at position ${at}; send whole characters`;
}

interface JsonMember {
  value: unknown;
  name: string;
  parent: JsonMember | undefined;
}

function pathTo(place: JsonMember): string[] {
  const path: string[] = [];
  for (let one: JsonMember | undefined = place; one?.parent !== undefined; one = one.parent)
    path.unshift(one.name.toWellFormed());
  return path;
}

/** Returns the beginning of at most so many UTF-16 units, without splitting a surrogate pair. */
export function cutText(text: string, limitChars: number): string {
  if (text.length <= limitChars) return text;
  const last = text.charCodeAt(limitChars - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? Math.max(0, limitChars - 1) : limitChars);
}

/** Returns the end of at most `units` UTF-16 units, without splitting a surrogate pair. */
export function tailOf(text: string, units: number): string {
  if (text.length <= units) return text;
  const from = text.length - Math.max(0, units);
  return text.slice(splitsPair(text, from) ? from + 1 : from);
}

/** Returns the largest offset up to `units` that does not split a surrogate pair. */
export function wholeCharactersUpTo(text: string, units: number): number {
  const at = Math.max(0, Math.min(units, text.length));
  return splitsPair(text, at) ? at - 1 : at;
}

/** Describes an offset in a text as `line 3, character 12`, both counted from 1. */
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
