/**
 * Damerau-Levenshtein distance (optimal string alignment): each insertion, deletion, replacement and swap of neighbours counts one.
 */

/** Returns the exact distance up to `limit`, and `limit + 1` for anything larger. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let rowBeforePrevious: number[] = [];
  let previousRow = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const currentRow = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      let best = Math.min(
        (previousRow[column] ?? 0) + 1,
        (currentRow[column - 1] ?? 0) + 1,
        (previousRow[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) best = Math.min(best, (rowBeforePrevious[column - 2] ?? 0) + 1);
      currentRow.push(best);
    }
    if (Math.min(...currentRow) > limit) return limit + 1;
    rowBeforePrevious = previousRow;
    previousRow = currentRow;
  }
  return Math.min(previousRow[b.length] ?? 0, limit + 1);
}
