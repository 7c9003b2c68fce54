/**
 * Texts are cut at characters: half of a surrogate pair is no character, and providers refuse it. Pure.
 */

/** Where the first half character (a lone surrogate) stands, from 0, in UTF-16 units; undefined where there is none. */
export function loneSurrogateAt(text: string): number | undefined {
  if (text.isWellFormed()) return undefined;
  return /\p{Surrogate}/u.exec(text)?.index;
}

/** `line 3, character 12` of a place in a text, both from 1. */
export function placeIn(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return `line ${line}, character ${at - before.lastIndexOf('\n')}`;
}

/** The begin of the text: at most `units` UTF-16 units, and never half a character. */
export function headOf(text: string, units: number): string {
  return text.slice(0, wholeUpTo(text, units));
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

function splitsPair(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
