/**
 * A run with something broken beside one with nothing broken.
 */
import { compare, referenceOf } from '../../../src/domain/experiments/compare';
import type { RunReport } from '../../../src/domain/experiments/compare';

const passed = (name: string) => ({ file: 'a.test.js', name, status: 'passed' });
const failed = (name: string) => ({ file: 'a.test.js', name, status: 'failed' });

function told(tests: RunReport['tests'], exitCode: number | null = 0): RunReport {
  const of = (status: string): number => tests.filter((test) => test.status === status).length;
  const counts = { total: tests.length, passed: of('passed'), failed: of('failed'), skipped: 0 };
  return { tests, exitCode, timedOut: false, counts };
}
const reference = referenceOf(told([passed('one'), passed('two'), passed('flaky')]), [
  { file: 'a.test.js', name: 'flaky' },
]);

test('a test that passed and fails now is what noticed it', () => {
  expect(compare(reference, told([passed('one'), failed('two'), passed('flaky')], 1))).toEqual({
    outcome: 'noticed',
    red: [{ file: 'a.test.js', name: 'two' }],
  });
});

test('the same tests with the same end have noticed nothing', () => {
  expect(compare(reference, told([passed('one'), passed('two'), passed('flaky')])).outcome).toBe('unnoticed');
});

test('a run that does not end has noticed', () => {
  expect(compare(reference, { ...told([]), timedOut: true }).outcome).toBe('noticed');
});

test('a run in which no test had its turn says nothing', () => {
  expect(compare(reference, { ...told([], 2), counts: null }).outcome).toBe('not_run');
});

test('a run that only counts is held against the counts', () => {
  const counted = (ok: number, bad: number, exitCode = 0): RunReport => ({
    ...{ tests: [], timedOut: false, exitCode },
    counts: { total: ok + bad, passed: ok, failed: bad, skipped: 0 },
  });
  const before = referenceOf(counted(5, 0), []);
  expect(compare(before, counted(5, 0)).outcome).toBe('unnoticed');
  expect(compare(before, counted(4, 1, 1)).outcome).toBe('noticed');
});

test('a test that fails now and then ends the command badly, and says nothing by it', () => {
  const wavered = told([passed('one'), passed('two'), failed('flaky')], 1);
  expect(compare(reference, wavered)).toEqual({ outcome: 'unnoticed', red: [] });
  const unlucky = referenceOf(wavered, [{ file: 'a.test.js', name: 'flaky' }]);
  expect(compare(unlucky, told([passed('one'), passed('two'), passed('flaky')]))).toEqual({
    ...{ outcome: 'unnoticed', red: [] },
  });
});
