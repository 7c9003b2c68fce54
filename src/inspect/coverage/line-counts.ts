/**
 * Converts V8's block counts into line counts. Pure.
 *
 * A script whose text differs from its file, because a tool transformed it or code was run under the file's name, has no line counts.
 */
import { isCode } from '../../domain/evidence/coverage';

/** V8's counts of one script. Each function has ranges `[start, end, count]`, of which the first is the whole function. */
export interface ScriptCoverage {
  file: string;
  functions: Array<Array<[number, number, number]>>;
}

export type LineCounts = Record<number, number>;

/** Returns undefined if the ranges do not belong to this source. */
export function countLines(source: string, { functions }: ScriptCoverage): LineCounts | undefined {
  const scriptRange = functions[0]?.[0];
  if (scriptRange === undefined || scriptRange[0] !== 0 || scriptRange[1] !== source.length) return undefined;
  const counts: LineCounts = {};
  let offset = 0;
  for (const [index, line] of source.split('\n').entries()) {
    const start = offset + (line.length - line.trimStart().length);
    const end = offset + line.trimEnd().length;
    if (isCode(line)) counts[index + 1] = innermostCount(functions, start, end);
    offset += line.length + 1;
  }
  return counts;
}

/** Returns the count of the innermost range around a line. */
function innermostCount(functions: ScriptCoverage['functions'], start: number, end: number): number {
  let innermost: [number, number, number] | undefined;
  for (const range of functions.flat()) {
    if (range[0] > start || range[1] < end) continue;
    if (innermost === undefined || range[1] - range[0] <= innermost[1] - innermost[0]) innermost = range;
  }
  return innermost?.[2] ?? 0;
}

/** Makes an empty map of counts, without a prototype, since a report may name a file `__proto__`. */
export function emptyCounts(): Record<string, LineCounts> {
  return Object.create(null) as Record<string, LineCounts>;
}

/** Adds up the counts: a line ran if any process ran it. */
export function addCounts(into: Record<string, LineCounts>, file: string, counts: LineCounts): void {
  const known = (into[file] ??= {});
  for (const [line, count] of Object.entries(counts)) {
    known[Number(line)] = (known[Number(line)] ?? 0) + count;
  }
}

/** Returns, for each line, the minimum of several counts of one script in one process, so that a copy of the script cannot add coverage. */
export function minimumCounts(all: LineCounts[]): LineCounts {
  const [first = {}, ...rest] = all;
  return Object.fromEntries(
    Object.entries(first).map(([line, count]) => [line, Math.min(count, ...rest.map((one) => one[Number(line)] ?? 0))]),
  );
}
