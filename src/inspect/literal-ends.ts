/**
 * Finds the ends of literals for all start positions at once, from the end of the text to its beginning: a search from each
 * position would take time quadratic in the length of a line of slashes or quotes. Pure.
 */

/**
 * Returns a function that gives the index of the slash that closes a regular expression whose first character is at `start`, or
 * undefined if the line ends first. The text is scanned on the first call.
 */
export function createRegexEnds(source: string): (start: number) => number | undefined {
  let ends: Int32Array | undefined;
  return (start) => {
    ends ??= regexEnds(source);
    const end = ends[start] ?? -1;
    return end === -1 ? undefined : end;
  };
}

function regexEnds(source: string): Int32Array {
  const length = source.length;
  // For each index, the closing slash if the index is outside of a character class such as `[/]`, or in one (`inClass`): there a
  // slash closes nothing. The arrays have two extra entries, since an escape at the end of the text points after the text.
  const outside = new Int32Array(length + 2).fill(-1);
  const inClass = new Int32Array(length + 2).fill(-1);
  for (let at = length - 1; at >= 0; at -= 1) {
    const sign = source.charCodeAt(at);
    const next = at + (sign === BACKSLASH ? 2 : 1);
    if (sign === LINE_END) continue;
    outside[at] = sign === SLASH ? at : ((sign === OPEN_BRACKET ? inClass : outside)[next] ?? -1);
    inClass[at] = (sign === CLOSE_BRACKET ? outside : inClass)[next] ?? -1;
  }
  return outside;
}

const [LINE_END, SLASH, OPEN_BRACKET, BACKSLASH, CLOSE_BRACKET] = [10, 47, 91, 92, 93];

/** Returns a function that gives the index of the first unescaped quote at or after `start` in one line; undefined if there is none. */
export function createQuoteEnds(row: string): (quote: string, start: number) => number | undefined {
  const known = new Map<string, Int32Array>();
  return (quote, start) => {
    const ends = known.get(quote) ?? quoteEnds(row, quote.charCodeAt(0));
    known.set(quote, ends);
    const end = ends[start] ?? -1;
    return end === -1 ? undefined : end;
  };
}

function quoteEnds(row: string, quote: number): Int32Array {
  const ends = new Int32Array(row.length + 2).fill(-1);
  for (let at = row.length - 1; at >= 0; at -= 1) {
    const sign = row.charCodeAt(at);
    ends[at] = sign === quote ? at : (ends[at + (sign === BACKSLASH ? 2 : 1)] ?? -1);
  }
  return ends;
}
