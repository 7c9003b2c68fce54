/**
 * Text as UTF-16 holds it: where half a character stands in it, and cuts that leave none. Pure.
 */

/** Place of the first half of a character that stands alone, from 0, in UTF-16 units as `String.length` counts; undefined where there is none. */
export function loneSurrogateAt(text: string): number | undefined {
  if (text.isWellFormed()) return undefined;
  // With the flag `u` a pair is one character, so only a lone half has this category.
  return /\p{Cs}/u.exec(text)?.index;
}

/** The beginning, at most so many UTF-16 units: a character that does not fit whole is left out. */
export function cutText(text: string, limitChars: number): string {
  if (text.length <= limitChars) return text;
  const last = text.charCodeAt(limitChars - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? Math.max(0, limitChars - 1) : limitChars);
}
