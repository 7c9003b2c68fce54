/**
 * Compares two texts line by line and writes the difference as a unified diff with three lines of context.
 *
 * For pages that people approve, not for code: git makes the diffs of commits.
 */

const CONTEXT_LINES = 3;
/** The most comparisons of lines. Above it the differing middle is shown as replaced whole, which is right, too, but longer. */
const COMPARISONS_LIMIT = 4_000_000;

interface Line {
  mark: ' ' | '-' | '+';
  text: string;
}

/** Returns an empty text if both are equal. */
export function unifiedDiff(before: string, after: string, names: { before: string; after: string }): string {
  if (before === after) return '';
  const lines = compare(before.split('\n'), after.split('\n'));
  const hunks = hunksOf(lines).map(([first, end]) => writeHunk(lines, first, end));
  return [`--- ${names.before}`, `+++ ${names.after}`, ...hunks].join('\n');
}

function compare(before: string[], after: string[]): Line[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const middle = compareMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const kept = (text: string): Line => ({ mark: ' ', text });
  return [...before.slice(0, head).map(kept), ...middle, ...before.slice(before.length - tail).map(kept)];
}

/** By the longest common subsequence, from a table of its lengths for all ends of both lists. */
function compareMiddle(before: string[], after: string[]): Line[] {
  const removed = (text: string): Line => ({ mark: '-', text });
  const added = (text: string): Line => ({ mark: '+', text });
  if (before.length * after.length > COMPARISONS_LIMIT) return [...before.map(removed), ...after.map(added)];
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const lengthAt = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        before[i] === after[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push({ mark: ' ', text: before[i] ?? '' });
      [i, j] = [i + 1, j + 1];
    } else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) lines.push(removed(before[i++] ?? ''));
    else lines.push(added(after[j++] ?? ''));
  }
  return [...lines, ...before.slice(i).map(removed), ...after.slice(j).map(added)];
}

/** Gives the first line of each hunk and the line behind it: changes that are close to each other share one. */
function hunksOf(lines: Line[]): Array<[number, number]> {
  const hunks: Array<[number, number]> = [];
  for (const [index, { mark }] of lines.entries()) {
    if (mark === ' ') continue;
    const [first, end] = [Math.max(0, index - CONTEXT_LINES), Math.min(lines.length, index + CONTEXT_LINES + 1)];
    const last = hunks.at(-1);
    if (last !== undefined && first <= last[1]) last[1] = end;
    else hunks.push([first, end]);
  }
  return hunks;
}

function writeHunk(lines: Line[], first: number, end: number): string {
  const count = (part: Line[], mark: Line['mark']): number => part.filter((line) => line.mark !== mark).length;
  const [earlier, shown] = [lines.slice(0, first), lines.slice(first, end)];
  const [oldCount, newCount] = [count(shown, '+'), count(shown, '-')];
  // A hunk without lines on one side names the line before it.
  const start = (part: number, size: number): number => part + (size === 0 ? 0 : 1);
  const head = `@@ -${start(count(earlier, '+'), oldCount)},${oldCount} +${start(count(earlier, '-'), newCount)},${newCount} @@`;
  return [head, ...shown.map(({ mark, text }) => `${mark}${text}`)].join('\n');
}
