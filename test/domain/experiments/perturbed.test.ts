/**
 * Changed expectations: matching the tests of a file to those of a run, and finding tests that never fail.
 */
import { compare, RED_LIMIT, referenceOf } from '../../../src/domain/experiments/compare';
import type { Answer } from '../../../src/domain/experiments/compare';
import {
  canFail,
  perturbationsOfRound,
  findNeverFailing,
  testUnitsOf,
} from '../../../src/domain/experiments/perturbed';
import type { TestUnit } from '../../../src/domain/experiments/perturbed';
import type { Perturbation } from '../../../src/domain/experiments/units';

const file = 'test/till.test.js';
const perturbationOf = (test: string, line = 3): Perturbation => ({
  ...{ path: file, line, test, says: '3 becomes 4', edit: { from: 0, to: 1, text: '4' } },
});
const testsInRun = [
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
  const [unit] = testUnitsOf([{ ...perturbationOf(test), path }], [], testsInRun);
  expect(unit?.runs.map(({ name }) => name)).toEqual(names);
});

test('a test counts as failing only by its own failure, not by that of another test', () => {
  const [unit] = testUnitsOf([perturbationOf('adds two')], [], testsInRun);
  if (unit === undefined) throw new Error('no unit');
  expect(canFail(unit, { outcome: 'noticed', red: [{ file, name: 'sums > adds two' }] })).toBe(true);
  expect(canFail(unit, { outcome: 'noticed', red: [{ file, name: 'of 3 and 4' }] })).toBe(false);
  expect(canFail(unit, { outcome: 'unnoticed', red: [] })).toBe(false);
});

test('a test after a table of a thousand failing rows is seen to fail', () => {
  const [unit] = testUnitsOf([perturbationOf('adds two')], [], testsInRun);
  if (unit === undefined) throw new Error('no unit');
  const run = (status: string) => {
    const rows = Array.from({ length: 1_000 }, (_, row) => ({ file, name: `row ${row}`, status }));
    const tests = [...rows, { file, name: 'sums > adds two', status }];
    const counts = { total: tests.length, passed: 0, failed: 0, skipped: 0 };
    return { tests, exitCode: status === 'passed' ? 0 : 1, timedOut: false, counts };
  };
  expect(canFail(unit, compare(referenceOf(run('passed'), []), run('failed')))).toBe(true);
});

/** A fake suite. With a changed expectation, "hangs…" does not end, "table" fails with too many rows to list, and "hollow" passes. */
function suiteOf(titles: readonly string[]) {
  const path = (title: string): string => `test/${title}.test.js`;
  const units = testUnitsOf(
    titles.map((title) => ({ ...perturbationOf(title), path: path(title) })),
    [],
    titles.map((name) => ({ file: path(name), name })),
  );
  let runs = 0;
  const runPart = (part: TestUnit[]): Promise<Answer> => {
    runs += 1;
    const names = part.map(({ test }) => test);
    const hangingAt = names.findIndex((name) => name.startsWith('hangs'));
    const titlesRun = hangingAt < 0 ? titles : titles.slice(0, titles.indexOf(names[hangingAt] ?? ''));
    const named = (list: readonly string[]) => list.map((name) => ({ file: path(name), name }));
    const rows = names.includes('table')
      ? Array.from({ length: RED_LIMIT }, (_, row) => ({ file: 'table', name: `${row}` }))
      : [];
    const red = [...rows, ...named(names.filter((name) => titlesRun.includes(name) && name !== 'hollow'))].slice(
      0,
      RED_LIMIT,
    );
    const unfinished = hangingAt < 0 ? {} : { open: named(titles.filter((name) => !titlesRun.includes(name))) };
    return Promise.resolve({ outcome: red.length > 0 || hangingAt >= 0 ? 'noticed' : 'unnoticed', ...unfinished, red });
  };
  return { units, runPart, runs: () => runs };
}

test.each([
  ['one test hangs', ['a', 'b', 'hangs', 'hollow', 'c']],
  ['more rows fail than a result can list', ['table', 'a', 'hollow', 'b']],
])('if %s, the other tests run without it', async (_what, titles) => {
  const { units, runPart } = suiteOf(titles);
  const green = (await findNeverFailing(units, runPart)).map(({ test }) => test);
  expect(green.filter((name) => name !== 'table')).toEqual(['hollow']);
});

test('a hundred hanging tests take at most 13 runs, and a test that never fails is still found', async () => {
  const { units, runPart, runs } = suiteOf([...Array.from({ length: 100 }, (_, one) => `hangs ${one}`), 'hollow']);
  expect((await findNeverFailing(units, runPart)).map(({ test }) => test)).toContain('hollow');
  expect(runs()).toBeLessThanOrEqual(13);
});

test('if a run names no tests, any failure counts for a test', () => {
  const [unit] = testUnitsOf([perturbationOf('adds two')], [], []);
  if (unit === undefined) throw new Error('no unit');
  expect(canFail(unit, { outcome: 'noticed', red: [] })).toBe(true);
});

test('a round has one value of each test, and a test without further values is left out', () => {
  const units = testUnitsOf(
    [perturbationOf('adds two', 3), perturbationOf('adds two', 4), perturbationOf('of %i and %i', 9)],
    [],
    testsInRun,
  );
  expect(perturbationsOfRound(units, 0).map(({ line }) => line)).toEqual([3, 9]);
  expect(perturbationsOfRound(units, 1).map(({ line }) => line)).toEqual([4]);
});
