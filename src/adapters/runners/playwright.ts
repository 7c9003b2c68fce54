/**
 * Describes playwright test: its settings, and how to read its summary.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { summaryDialect } from '../../inspect/test-output/summaries';
import type { Summary } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const playwrightRunner = {
  name: 'playwright',
  byFile: ['npx', 'playwright', 'test'],
  settings: [/(^|\/)playwright[^/]*\.config\.[^/]+$/],
  dialect: summaryDialect({ runner: 'playwright', counts: readCounts, failing: /^ {2}\d+\) (.+?) ─*$/u }),
} as const satisfies Runner;

/** Reads `  1 failed`, names of tests, `  1 flaky`, `  1 skipped`, `  1 did not run`, and last `  3 passed (1.2s)`. */
function readCounts(): ReturnType<Summary['counts']> {
  let [hasCounts, failed, skipped, flaky] = [false, 0, 0, 0];
  return (line) => {
    const [, count, word] =
      /^ {2}(\d+) (failed|interrupted|flaky|skipped|did not run|passed \([\d.]+m?s?m?\))$/.exec(line) ?? [];
    const number = Number(count);
    if (word === 'failed' || word === 'interrupted') failed += number;
    else if (word === 'flaky') flaky += number;
    else if (word === 'skipped' || word === 'did not run') skipped += number;
    hasCounts ||= word !== undefined;
    // If no test passed, there is no line `passed`: an empty line ends the summary.
    const isEnd = word?.startsWith('passed') === true || (hasCounts && line === '');
    if (!isEnd) return undefined;
    const counts = sumOf(flaky + (word?.startsWith('passed') ? number : 0), failed, skipped);
    [hasCounts, failed, skipped, flaky] = [false, 0, 0, 0];
    return counts;
  };
}
