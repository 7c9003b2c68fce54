/**
 * Tests which red tests are excused after repeated runs of the candidate and the base (P6). The test sets the outcome of each run;
 * the corpus has real runs of a flaky test.
 */
import { repeatRuns } from '../../../src/activities/testing/repeats';
import type { Named } from '../../../src/domain/evidence/criteria';
import type { BaseRunResult } from '../../../src/ports/documents';
import type { TestRun } from '../../../src/ports/test-runner';

const OLD = { file: 'test/old.test.js', name: 'now and then' };
const OTHER = { file: 'test/old.test.js', name: 'always' };

interface RepeatOutcomes {
  /** The status of the old test in each repeat. */
  candidate: string[];
  base: string[];
  durationMs?: number;
  /** The new path of the test file, if the change moves it. */
  movedTo?: string;
}

async function repeat({ candidate, base, durationMs = 500, movedTo = OLD.file }: RepeatOutcomes) {
  const runCounts = { candidate: 0, base: 0 };
  const moved = (test: Named): Named => ({ ...test, file: movedTo });
  const runWith = (status: string | undefined): TestRun =>
    ({
      tests: [
        { ...moved(OLD), status },
        { ...moved(OTHER), status: 'passed' },
      ],
      durationMs,
      timedOut: false,
    }) as unknown as TestRun;
  const repeats = await repeatRuns(runWith('failed'), [OLD], {
    ...{ known: { passed: [OLD, OTHER], failed: [], flaky: [], counts: null }, toCurrentFile: moved },
    candidate: () => Promise.resolve(runWith(candidate[runCounts.candidate++])),
    base: (time) => {
      runCounts.base = time;
      const outcome = base[time - 1];
      const passed = outcome === 'passed' ? [OLD, OTHER] : [OTHER];
      const failed = outcome === 'failed' ? [OLD] : [];
      const isCutOff = outcome === 'cut off' ? { isCutOff: true } : {};
      return Promise.resolve({ passed, failed, durationMs, ...isCutOff } as unknown as BaseRunResult);
    },
  });
  return { flaky: repeats.flaky.length, atTimes: repeats.clearedAtBase.length, runCounts };
}
const PASSED = Array<string>(3).fill('passed');

test('P6: a test that passes when the candidate is run again is flaky, and the base is not run again', async () => {
  const outcomes = { candidate: ['passed'], base: PASSED };
  expect(await repeat(outcomes)).toEqual({ flaky: 1, atTimes: 0, runCounts: { candidate: 1, base: 0 } });
});

test('P6: a test that the base does not pass in its third repeat is excused', async () => {
  const outcomes = { candidate: ['failed'], base: [...PASSED.slice(1), 'failed'] };
  expect(await repeat(outcomes)).toEqual({ flaky: 0, atTimes: 1, runCounts: { candidate: 1, base: 3 } });
});

test('P6: a test that fails twice on the candidate and passes each time at the base is not excused', async () => {
  const outcomes = { candidate: ['failed'], base: PASSED };
  expect(await repeat(outcomes)).toEqual({ flaky: 0, atTimes: 0, runCounts: { candidate: 1, base: 3 } });
});

test('P6: tests of minutes are repeated once on each commit', async () => {
  const outcomes = { candidate: ['failed'], base: PASSED, durationMs: 60_000 };
  expect(await repeat(outcomes)).toEqual({ flaky: 0, atTimes: 0, runCounts: { candidate: 1, base: 1 } });
});

test.each(['cut off', 'away'])(
  'a repeat of the base in which the test was %s excuses no failing test',
  async (outcome) => {
    const outcomes = { candidate: ['failed'], base: Array<string>(3).fill(outcome) };
    expect(await repeat(outcomes)).toEqual({ flaky: 0, atTimes: 0, runCounts: { candidate: 1, base: 3 } });
  },
);

test('P6: a flaky test of a file that the change moves is found where it is now', async () => {
  const outcomes = { candidate: ['passed'], base: PASSED, movedTo: 'test/unit/old.test.js' };
  expect(await repeat(outcomes)).toEqual({ flaky: 1, atTimes: 0, runCounts: { candidate: 1, base: 0 } });
});
