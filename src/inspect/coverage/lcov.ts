/**
 * lcov, the form in which the tools of most languages write which lines ran.
 */
import { addCounts, noCounts } from './line-counts';
import type { LineCounts } from './line-counts';

/** `SF:<file>`, then `DA:<line>,<count>` for each line of code. `roots`: what paths may begin with and git's do not. */
export function parseLcov(text: string, roots: string[]): Record<string, LineCounts> {
  const merged = noCounts();
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
