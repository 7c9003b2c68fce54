/**
 * uvu: what it prints where its reporter is not heard; it names no test that passed.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { summaryDialect } from '../../inspect/test-output/summaries';
import type { Summary } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const uvuRunner = {
  name: 'uvu',
  dialect: summaryDialect({ runner: 'uvu', counts: readCounts, failing: /^ +FAIL +(.+)$/ }),
} as const satisfies Runner;

/** `  Total:     3`, `  Passed:    2`, `  Skipped:   1`, each on its line. */
function readCounts(): ReturnType<Summary['counts']> {
  let [total, passed] = [0, 0];
  return (line) => {
    const [, word, count] = /^ {2}(Total|Passed|Skipped): +(\d+)$/.exec(line) ?? [];
    if (word === 'Total') total = Number(count);
    else if (word === 'Passed') passed = Number(count);
    // Skipped ones are not within the total.
    return word === 'Skipped' ? sumOf(passed, total - passed, Number(count)) : undefined;
  };
}
