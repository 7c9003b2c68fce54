/**
 * Where literals end that may begin at any place of a text. Found for all places at once, from the end to the beginning: a search
 * from each place on takes time that grows with the square of a line of slashes or quotes. Pure.
 */

/**
 * For a regular expression whose first sign stands at `start`: the index of the slash that closes it; undefined where the line ends
 * first. The text is read when the first place is asked for.
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
  // Two more places, since an escape at the end of the text leads behind it. In `inClass` a slash closes nothing.
  const outside = new Int32Array(length + 2).fill(-1);
  const inClass = new Int32Array(length + 2).fill(-1);
  for (let at = length - 1; at >= 0; at -= 1) {
    const sign = source.charCodeAt(at);
    const next = at + (sign === BACKSLASH ? 2 : 1);
    if (sign === LINE_END) continue;
    outside[at] = sign === SLASH ? at : ((sign === OPEN ? inClass : outside)[next] ?? -1);
    inClass[at] = (sign === CLOSE ? outside : inClass)[next] ?? -1;
  }
  return outside;
}

const [LINE_END, SLASH, OPEN, BACKSLASH, CLOSE] = [10, 47, 91, 92, 93];

/** For a quote of one line: the index of the next one like it that no backslash escapes, from `start` on; undefined where none is. */
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
