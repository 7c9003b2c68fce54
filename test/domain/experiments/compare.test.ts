/**
 * Compares a test run with a break to the reference run without one.
 */
import { compare, referenceOf } from '../../../src/domain/experiments/compare';
import type { RunReport } from '../../../src/domain/experiments/compare';

const passed = (name: string) => ({ file: 'a.test.js', name, status: 'passed' });
const failed = (name: string) => ({ file: 'a.test.js', name, status: 'failed' });

function runOf(tests: RunReport['tests'], exitCode: number | null = 0): RunReport {
  const countOf = (status: string): number => tests.filter((test) => test.status === status).length;
  const counts = { total: tests.length, passed: countOf('passed'), failed: countOf('failed'), skipped: 0 };
  return { tests, exitCode, timedOut: false, counts };
}
const reference = referenceOf(runOf([passed('one'), passed('two'), passed('flaky')]), [
  { file: 'a.test.js', name: 'flaky' },
]);

test('a break is noticed if a test that passed fails now', () => {
  expect(compare(reference, runOf([passed('one'), failed('two'), passed('flaky')], 1))).toEqual({
    outcome: 'noticed',
    red: [{ file: 'a.test.js', name: 'two' }],
  });
});

test('a break is unnoticed if the same tests pass with the same exit code', () => {
  expect(compare(reference, runOf([passed('one'), passed('two'), passed('flaky')])).outcome).toBe('unnoticed');
});

test('a run that times out has noticed the break', () => {
  expect(compare(reference, { ...runOf([]), timedOut: true }).outcome).toBe('noticed');
});

test('a run without any test result is not counted', () => {
  expect(compare(reference, { ...runOf([], 2), counts: null }).outcome).toBe('not_run');
});

test('a run without test names is compared by its counts', () => {
  const runWithCounts = (ok: number, bad: number, exitCode = 0): RunReport => ({
    ...{ tests: [], timedOut: false, exitCode },
    counts: { total: ok + bad, passed: ok, failed: bad, skipped: 0 },
  });
  const countReference = referenceOf(runWithCounts(5, 0), []);
  expect(compare(countReference, runWithCounts(5, 0)).outcome).toBe('unnoticed');
  expect(compare(countReference, runWithCounts(4, 1, 1)).outcome).toBe('noticed');
});

test('the exit code of a run in which a flaky test failed proves nothing', () => {
  const flakyFailure = runOf([passed('one'), passed('two'), failed('flaky')], 1);
  expect(compare(reference, flakyFailure)).toEqual({ outcome: 'unnoticed', red: [] });
  const flakyReference = referenceOf(flakyFailure, [{ file: 'a.test.js', name: 'flaky' }]);
  expect(compare(flakyReference, runOf([passed('one'), passed('two'), passed('flaky')]))).toEqual({
    ...{ outcome: 'unnoticed', red: [] },
  });
});
