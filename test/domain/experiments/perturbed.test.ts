/**
 * Changed expectations: which test of a run is which test of a file, and what turns it red.
 */
import { compare, RED_LIMIT, referenceOf } from '../../../src/domain/experiments/compare';
import type { Answer } from '../../../src/domain/experiments/compare';
import {
  asksForNoPanic,
  isTurnedRed,
  roundOf,
  stayGreen,
  testUnitsOf,
} from '../../../src/domain/experiments/perturbed';
import type { TestUnit } from '../../../src/domain/experiments/perturbed';
import type { Perturbation } from '../../../src/domain/experiments/units';

const file = 'test/till.test.js';
const perturbed = (test: string, line = 3): Perturbation => ({
  ...{ path: file, line, test, says: '3 becomes 4', edit: { from: 0, to: 1, text: '4' } },
});
const ran = [
  { file, name: 'sums > adds two' },
  { file, name: 'sums > adds_all' },
  { file: 'test/old.test.js', name: 'adds two' },
  { file, name: 'of 3 and 4' },
  { file: 'tests/test_till.py', name: 'test_sum[1-2]' },
];

test.each([
  ['a title below its suite', file, 'adds two', ['sums > adds two']],
  ['a title with a placeholder', file, 'of %i and %i', ['of 3 and 4']],
  ['a function with parameters', 'tests/test_till.py', 'test_sum', ['test_sum[1-2]']],
  ['a title that no test of the run has', file, 'subtracts', []],
])('%s is found among the tests of its file', (_what, path, test, names) => {
  const [unit] = testUnitsOf([{ ...perturbed(test), path }], [], ran);
  expect(unit?.runs.map(({ name }) => name)).toEqual(names);
});

test('a test is turned red by its own failure, not by that of its neighbour', () => {
  const [unit] = testUnitsOf([perturbed('adds two')], [], ran);
  if (unit === undefined) throw new Error('no unit');
  expect(isTurnedRed(unit, { outcome: 'noticed', red: [{ file, name: 'sums > adds two' }] })).toBe(true);
  expect(isTurnedRed(unit, { outcome: 'noticed', red: [{ file, name: 'of 3 and 4' }] })).toBe(false);
  expect(isTurnedRed(unit, { outcome: 'unnoticed', red: [] })).toBe(false);
});

test('a test behind a table of a thousand rows is seen to be red, and behind more than an answer holds it is not accused', () => {
  const [unit] = testUnitsOf([perturbed('adds two')], [], ran);
  if (unit === undefined) throw new Error('no unit');
  const run = (count: number, status: string) => {
    const rows = Array.from({ length: count }, (_, row) => ({ file, name: `row ${row}`, status }));
    const counts = { total: count + 1, passed: 0, failed: 0, skipped: 0 };
    const tests = [...rows, { file, name: 'sums > adds two', status }];
    return { tests, exitCode: status === 'passed' ? 0 : 1, timedOut: false, counts };
  };
  for (const count of [1_000, RED_LIMIT]) {
    const answer = compare(referenceOf(run(count, 'passed'), []), run(count, 'failed'));
    expect(isTurnedRed(unit, answer)).toBe(true);
  }
});

test('a fuzz target of Go may ask that nothing panics; a test may not', () => {
  const asks = (path: string, name: string) =>
    asksForNoPanic({ path, test: name, line: 1, perturbations: [], runs: [] });
  expect([asks('a_test.go', 'FuzzParse'), asks('a_test.go', 'TestParse'), asks('a.test.js', 'FuzzParse')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('where one test hangs, its neighbours are asked without it', async () => {
  const titles = ['a', 'b', 'hangs', 'hollow', 'c'];
  const units = testUnitsOf(
    titles.map((title) => perturbed(title)),
    [],
    titles.map((name) => ({ file, name })),
  );
  const askOf = (part: TestUnit[]): Promise<Answer> => {
    const names = part.map(({ test }) => test);
    const isCutShort = names.includes('hangs') ? { isCutShort: true as const } : {};
    const seen = names.slice(0, names.includes('hangs') ? names.indexOf('hangs') : names.length);
    const red = seen.filter((name) => name !== 'hollow').map((name) => ({ file, name }));
    return Promise.resolve({
      outcome: red.length > 0 || 'isCutShort' in isCutShort ? 'noticed' : 'unnoticed',
      ...isCutShort,
      red,
    });
  };
  expect((await stayGreen(units, askOf)).map(({ test }) => test)).toEqual(['hollow']);
});

test('of a run that only counts, any failure speaks for a test', () => {
  const [unit] = testUnitsOf([perturbed('adds two')], [], []);
  if (unit === undefined) throw new Error('no unit');
  expect(isTurnedRed(unit, { outcome: 'noticed', red: [] })).toBe(true);
});

test('a round takes one value of each test, and a test without another value has had its rounds', () => {
  const units = testUnitsOf(
    [perturbed('adds two', 3), perturbed('adds two', 4), perturbed('of %i and %i', 9)],
    [],
    ran,
  );
  expect(roundOf(units, 0).map(({ line }) => line)).toEqual([3, 9]);
  expect(roundOf(units, 1).map(({ line }) => line)).toEqual([4]);
});
