/**
 * Text on its way to a provider: whole characters only. Providers refuse half of a surrogate pair.
 */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Requests are nested less; what is deeper is passed on as it is. */
const MAX_DEPTH = 60;

/** Without halves of characters, as a cut at a UTF-16 unit leaves them. */
export function wholeCharacters(text: string): string {
  return text.isWellFormed() ? text : text.replace(LONE_SURROGATE, '');
}

/** The same for every text in a JSON value, names of members included. Bytes and other objects stay as they are. */
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
