/**
 * Reads lcov, the coverage format that tools of most languages can write. Pure.
 */
import { addCounts, emptyCounts } from './line-counts';
import type { LineCounts } from './line-counts';

/** Reads `SF:<file>` and, for each line of code, `DA:<line>,<count>`. `roots`: prefixes that are removed from paths. */
export function parseLcov(text: string, roots: string[]): Record<string, LineCounts> {
  const merged = emptyCounts();
  let file: string | undefined;
  for (const row of text.split('\n')) {
    const [, name, value = ''] = /^(SF|DA):(.*?)\r?$/.exec(row) ?? [];
    const [, line, count] = /^(\d+),(\d+)/.exec(value) ?? [];
    if (name === 'SF')
      file = roots.reduce((path, root) => (path.startsWith(root) ? path.slice(root.length) : path), value);
    else if (name === 'DA' && file !== undefined && line !== undefined)
      addCounts(merged, file, { [Number(line)]: Number(count) });
  }
  return merged;
}
