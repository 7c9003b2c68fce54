/**
 * Removes lone surrogates from text that is sent to a provider, because providers refuse half of a surrogate pair.
 */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Requests are less deep than this. Deeper values are left unchanged. */
const MAX_DEPTH = 60;

/** Removes lone surrogates, which remain where a text was cut within a character. */
export function wholeCharacters(text: string): string {
  return text.isWellFormed() ? text : text.replace(LONE_SURROGATE, '');
}

/** Removes lone surrogates from every text in a JSON value, names of members included. Other objects, such as bytes, stay unchanged. */
export function withWholeCharacters<T>(value: T, depth = 0): T {
  return convert(value, depth) as T;
}

function convert(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return wholeCharacters(value);
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => convert(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [wholeCharacters(name), convert(inner, depth + 1)]),
  );
}
