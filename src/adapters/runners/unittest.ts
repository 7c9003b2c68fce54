/**
 * Describes unittest, and Django's tests, which print the same: how to read their output.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest, Summary } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const unittestRunner = {
  name: 'unittest',
  packages: [],
  dialect: summaryDialect({
    runner: 'unittest',
    test: readTests,
    failing: /^(?:FAIL|ERROR): (.+)$/,
    counts: readCounts,
  }),
} as const satisfies Runner;

/** Reads the output of `-v`: `test_a (tests.test_x.TestX.test_a) ... ok`; a docstring adds a line between name and result. */
function readTests(): ReadTest {
  let openTest: string | undefined;
  return (line) => {
    const name = /^(\w+) \(([\w.]+)\)/.exec(line);
    if (name !== null) openTest = nameOf(name[1] ?? '', name[2] ?? '');
    const [, word = ''] = / \.\.\. (ok|FAIL|ERROR|skipped\b.*|expected failure|unexpected success)$/.exec(line) ?? [];
    if (word === '' || openTest === undefined) return undefined;
    const found = { name: openTest, status: statusOf(word) };
    openTest = undefined;
    return found;
  };
}

/** Joins class and method; Python 3.11 and later print the method already at the end of the class. */
function nameOf(method: string, owner: string): string {
  return owner.endsWith(`.${method}`) ? owner : `${owner}.${method}`;
}

function statusOf(word: string): 'passed' | 'failed' | 'skipped' {
  if (word === 'ok') return 'passed';
  return /^(FAIL|ERROR|unexpected success)/.test(word) ? 'failed' : 'skipped';
}

/**
 * Reads `Ran 3 tests in 0.001s`, then `OK (skipped=1)` or `FAILED (failures=1, errors=1)`. The second line counts each failed
 * subtest, the first does not: repeated failures of one test are subtracted.
 */
function readCounts(): ReturnType<Summary['counts']> {
  let ran: number | undefined;
  const failedTests = new Set<string>();
  let repeated = 0;
  return (line) => {
    const [, test] = /^(?:FAIL|ERROR): (\w+ \([\w.]+\))/.exec(line) ?? [];
    if (test !== undefined && failedTests.has(test)) repeated += 1;
    if (test !== undefined) failedTests.add(test);
    const [, count] = /^Ran (\d+) tests? in [\d.]+s$/.exec(line) ?? [];
    if (count !== undefined) ran = Number(count);
    const [, , words = ''] = /^(OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/.exec(line) ?? [];
    if (ran === undefined || !/^(OK|FAILED|NO TESTS RAN)\b/.test(line)) return undefined;
    const countOf = (name: string): number => Number(new RegExp(`(?:^|, )${name}=(\\d+)`).exec(words)?.[1] ?? 0);
    const failed = Math.max(0, countOf('failures') + countOf('errors') - repeated) + countOf('unexpected successes');
    repeated = 0;
    failedTests.clear();
    const skipped = countOf('skipped') + countOf('expected failures');
    const passed = Math.max(0, ran - failed - skipped);
    ran = undefined;
    return sumOf(passed, failed, skipped);
  };
}
