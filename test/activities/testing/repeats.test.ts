/**
 * P6: which red tests are cleared by running the candidate and the base again. The outcomes of each run are given here; real runs of
 * a test that fails now and then are in the corpus.
 */
import { repeatRuns } from '../../../src/activities/testing/repeats';
import type { Named } from '../../../src/domain/evidence/criteria';
import type { BaseRunResult } from '../../../src/ports/documents';
import type { TestRun } from '../../../src/ports/test-runner';

const OLD = { file: 'test/old.test.js', name: 'now and then' };
const OTHER = { file: 'test/old.test.js', name: 'always' };

interface Told {
  /** One word a repeat: what became of the test. */
  candidate: string[];
  base: string[];
  durationMs?: number;
  /** Where the change moves the file of the test. */
  movedTo?: string;
}

async function repeated({ candidate, base, durationMs = 500, movedTo = OLD.file }: Told) {
  const asked = { candidate: 0, base: 0 };
  const moved = (test: Named): Named => ({ ...test, file: movedTo });
  const ran = (status: string | undefined): TestRun =>
    ({
      tests: [
        { ...moved(OLD), status },
        { ...moved(OTHER), status: 'passed' },
      ],
      durationMs,
      timedOut: false,
    }) as unknown as TestRun;
  const found = await repeatRuns(ran('failed'), [OLD], {
    ...{ known: { passed: [OLD, OTHER], failed: [], flaky: [], counts: null }, toCurrentFile: moved },
    candidate: () => Promise.resolve(ran(candidate[asked.candidate++])),
    base: (time) => {
      asked.base = time;
      const outcome = base[time - 1];
      const passed = outcome === 'passed' ? [OLD, OTHER] : [OTHER];
      const failed = outcome === 'failed' ? [OLD] : [];
      const isCutOff = outcome === 'cut off' ? { isCutOff: true } : {};
      return Promise.resolve({ passed, failed, durationMs, ...isCutOff } as unknown as BaseRunResult);
    },
  });
  return { flaky: found.flaky.length, atTimes: found.clearedAtBase.length, asked };
}
const PASSED = Array<string>(3).fill('passed');

test('P6: a test that passes when the candidate is run again is flaky, and the base is not asked', async () => {
  const told = { candidate: ['passed'], base: PASSED };
  expect(await repeated(told)).toEqual({ flaky: 1, atTimes: 0, asked: { candidate: 1, base: 0 } });
});

test('P6: a test that the base does not pass in its third repeat is cleared', async () => {
  const told = { candidate: ['failed'], base: [...PASSED.slice(1), 'failed'] };
  expect(await repeated(told)).toEqual({ flaky: 0, atTimes: 1, asked: { candidate: 1, base: 3 } });
});

test('P6: a test that fails twice on the candidate and passes each time at the base is not cleared', async () => {
  const told = { candidate: ['failed'], base: PASSED };
  expect(await repeated(told)).toEqual({ flaky: 0, atTimes: 0, asked: { candidate: 1, base: 3 } });
});

test('P6: tests of minutes are repeated once on each commit', async () => {
  const told = { candidate: ['failed'], base: PASSED, durationMs: 60_000 };
  expect(await repeated(told)).toEqual({ flaky: 0, atTimes: 0, asked: { candidate: 1, base: 1 } });
});

test.each(['cut off', 'away'])(
  'a repeat of the base in which the test was %s excuses no failing test',
  async (outcome) => {
    const told = { candidate: ['failed'], base: Array<string>(3).fill(outcome) };
    expect(await repeated(told)).toEqual({ flaky: 0, atTimes: 0, asked: { candidate: 1, base: 3 } });
  },
);

test('P6: a flaky test of a file that the change moves is found where it is now', async () => {
  const told = { candidate: ['passed'], base: PASSED, movedTo: 'test/unit/old.test.js' };
  expect(await repeated(told)).toEqual({ flaky: 1, atTimes: 0, asked: { candidate: 1, base: 0 } });
});
