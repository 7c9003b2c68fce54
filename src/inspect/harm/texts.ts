/**
 * Helpers for plain texts: removal of block comments, and the line of an index. One pass each. Pure.
 */

/** Replaces block comments of C by spaces. A comment without an end stays. */
export function withoutBlocks(text: string): string {
  const end = text.lastIndexOf('*/') + 2;
  const closed = text.slice(0, end === 1 ? 0 : end);
  return closed.replace(/\/\*[^]*?\*\//g, (all) => all.replace(/[^\n]/g, ' ')) + text.slice(closed.length);
}

/** Returns a function from an index to its line, which counts from 1. It uses binary search. */
export function linesAt(source: string): (index: number) => number {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (index) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
