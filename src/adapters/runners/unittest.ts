/**
 * unittest, and Django's tests, which print the same.
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

/** With `-v`: `test_a (tests.test_x.TestX.test_a) ... ok`; the words of a docstring stand on a line between. */
function readTests(): ReadTest {
  let before: string | undefined;
  return (line) => {
    const name = /^(\w+) \(([\w.]+)\)/.exec(line);
    if (name !== null) before = nameOf(name[1] ?? '', name[2] ?? '');
    const [, word = ''] = / \.\.\. (ok|FAIL|ERROR|skipped\b.*|expected failure|unexpected success)$/.exec(line) ?? [];
    if (word === '' || before === undefined) return undefined;
    const found = { name: before, status: statusOf(word) };
    before = undefined;
    return found;
  };
}

/** Python 3.11 and later repeat the method at the end of the class. */
function nameOf(method: string, of: string): string {
  return of.endsWith(`.${method}`) ? of : `${of}.${method}`;
}

function statusOf(word: string): 'passed' | 'failed' | 'skipped' {
  if (word === 'ok') return 'passed';
  return /^(FAIL|ERROR|unexpected success)/.test(word) ? 'failed' : 'skipped';
}

/**
 * `Ran 3 tests in 0.001s`, then `OK (skipped=1)` or `FAILED (failures=1, errors=1)`. The latter counts each subtest, and the
 * former does not: a test several of whose subtests have failed is one.
 */
function readCounts(): ReturnType<Summary['counts']> {
  let ran: number | undefined;
  const told = new Set<string>();
  let again = 0;
  return (line) => {
    const [, test] = /^(?:FAIL|ERROR): (\w+ \([\w.]+\))/.exec(line) ?? [];
    if (test !== undefined && told.has(test)) again += 1;
    if (test !== undefined) told.add(test);
    const [, count] = /^Ran (\d+) tests? in [\d.]+s$/.exec(line) ?? [];
    if (count !== undefined) ran = Number(count);
    const [, , words = ''] = /^(OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/.exec(line) ?? [];
    if (ran === undefined || !/^(OK|FAILED|NO TESTS RAN)\b/.test(line)) return undefined;
    const of = (name: string): number => Number(new RegExp(`(?:^|, )${name}=(\\d+)`).exec(words)?.[1] ?? 0);
    const failed = Math.max(0, of('failures') + of('errors') - again) + of('unexpected successes');
    again = 0;
    told.clear();
    const skipped = of('skipped') + of('expected failures');
    const passed = Math.max(0, ran - failed - skipped);
    ran = undefined;
    return sumOf(passed, failed, skipped);
  };
}
