/**
 * V8's block counts as counts of lines. Pure.
 *
 * A script whose text is not the file's (transformed, or made up under its name) has no lines that could be counted.
 */
import { isCode } from '../../domain/evidence/coverage';

/** V8's counts: for each function its ranges as `[start, end, count]`, the function's own first. */
export interface ScriptCoverage {
  file: string;
  functions: Array<Array<[number, number, number]>>;
}

export type LineCounts = Record<number, number>;

/** Undefined where the ranges do not belong to this source. */
export function countLines(source: string, { functions }: ScriptCoverage): LineCounts | undefined {
  const whole = functions[0]?.[0];
  if (whole === undefined || whole[0] !== 0 || whole[1] !== source.length) return undefined;
  const counts: LineCounts = {};
  let offset = 0;
  for (const [index, line] of source.split('\n').entries()) {
    const start = offset + (line.length - line.trimStart().length);
    const end = offset + line.trimEnd().length;
    if (isCode(line)) counts[index + 1] = countOf(functions, start, end);
    offset += line.length + 1;
  }
  return counts;
}

/** The innermost range around a line says how often it ran. */
function countOf(functions: ScriptCoverage['functions'], start: number, end: number): number {
  let found: [number, number, number] | undefined;
  for (const range of functions.flat()) {
    if (range[0] > start || range[1] < end) continue;
    if (found === undefined || range[1] - range[0] <= found[1] - found[0]) found = range;
  }
  return found?.[2] ?? 0;
}

/** Counts by file, without a prototype: a report may name a file `__proto__`. */
export function noCounts(): Record<string, LineCounts> {
  return Object.create(null) as Record<string, LineCounts>;
}

/** A line ran where any process ran it. */
export function addCounts(into: Record<string, LineCounts>, file: string, counts: LineCounts): void {
  const known = (into[file] ??= {});
  for (const [line, count] of Object.entries(counts)) {
    known[Number(line)] = (known[Number(line)] ?? 0) + count;
  }
}

/** The same script twice in one process: what fewer saw counts, so that a stand-in adds nothing. */
export function fewest(all: LineCounts[]): LineCounts {
  const [first = {}, ...rest] = all;
  return Object.fromEntries(
    Object.entries(first).map(([line, count]) => [line, Math.min(count, ...rest.map((one) => one[Number(line)] ?? 0))]),
  );
}
