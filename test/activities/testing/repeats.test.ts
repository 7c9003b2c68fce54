/**
 * P6: which red tests are cleared by running the candidate and the base again. The outcomes of each run are given here; real runs of
 * a test that fails now and then are in the corpus.
 */
import { repeatRuns } from '../../../src/activities/testing/repeats';
import type { AtBase } from '../../../src/ports/documents';
import type { TestRun } from '../../../src/ports/test-runner';

const OLD = { file: 'test/old.test.js', name: 'now and then' };
const OTHER = { file: 'test/old.test.js', name: 'always' };

interface Told {
  /** One word a repeat: what became of the test. */
  candidate: string[];
  base: string[];
  durationMs?: number;
}

async function repeated({ candidate, base, durationMs = 500 }: Told) {
  const asked = { candidate: 0, base: 0 };
  const ran = (status: string | undefined): TestRun =>
    ({
      tests: [
        { ...OLD, status },
        { ...OTHER, status: 'passed' },
      ],
      durationMs,
      timedOut: false,
    }) as unknown as TestRun;
  const found = await repeatRuns(ran('failed'), [OLD], {
    candidate: () => Promise.resolve(ran(candidate[asked.candidate++])),
    base: (time) => {
      asked.base = time;
      const outcome = base[time - 1];
      const passed = outcome === 'passed' ? [OLD, OTHER] : [OTHER];
      return Promise.resolve({ passed, durationMs, exitCode: outcome === 'cut off' ? null : 0 } as unknown as AtBase);
    },
  });
  return { flaky: found.flaky.length, atTimes: found.atTimes.length, asked };
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

test('a repeat of the base that was cut off clears nothing', async () => {
  const told = { candidate: ['failed'], base: Array<string>(3).fill('cut off') };
  expect(await repeated(told)).toEqual({ flaky: 0, atTimes: 0, asked: { candidate: 1, base: 3 } });
});
