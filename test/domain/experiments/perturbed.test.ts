/**
 * Changed expectations: which test of a run is which test of a file, and what turns it red.
 */
import { isTurnedRed, roundOf, testUnitsOf } from '../../../src/domain/experiments/perturbed';
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
