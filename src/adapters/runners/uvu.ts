/**
 * Describes uvu: how to read its output if the reporter wrote no record. uvu prints no names of passed tests.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { summaryDialect } from '../../inspect/test-output/summaries';
import type { Summary } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const uvuRunner = {
  name: 'uvu',
  dialect: summaryDialect({ runner: 'uvu', counts: readCounts, failing: /^ +FAIL +(.+)$/ }),
} as const satisfies Runner;

/** Reads `  Total:     3`, `  Passed:    2`, `  Skipped:   1`, each on its own line. */
function readCounts(): ReturnType<Summary['counts']> {
  let [total, passed] = [0, 0];
  return (line) => {
    const [, word, count] = /^ {2}(Total|Passed|Skipped): +(\d+)$/.exec(line) ?? [];
    if (word === 'Total') total = Number(count);
    else if (word === 'Passed') passed = Number(count);
    // uvu's total does not include skipped tests.
    return word === 'Skipped' ? sumOf(passed, total - passed, Number(count)) : undefined;
  };
}
