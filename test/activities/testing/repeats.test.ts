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
  /** One word a repeat: did the test pass? */
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
      const passed = base[time - 1] === 'passed' ? [OLD, OTHER] : [OTHER];
      return Promise.resolve({ passed, durationMs } as unknown as AtBase);
    },
  });
  return { flaky: found.flaky.length, atTimes: found.atTimes.length, asked };
}
const [FAILED, PASSED] = [Array(3).fill('failed'), Array(3).fill('passed')] as [string[], string[]];

test.each<[string, Told, object]>([
  ['passes the first time again', { candidate: ['passed'], base: PASSED }, { candidate: 1, base: 0 }],
  [
    'passes the third time again',
    { candidate: ['failed', 'failed', 'passed'], base: PASSED },
    { candidate: 3, base: 0 },
  ],
])('P6: a test that %s on the candidate is flaky, and the base is not asked', async (_when, told, asked) => {
  expect(await repeated(told)).toEqual({ flaky: 1, atTimes: 0, asked });
});

test('P6: a test that the base does not pass in its third repeat is cleared', async () => {
  const told = { candidate: FAILED, base: ['passed', 'passed', 'failed'] };
  expect(await repeated(told)).toEqual({ flaky: 0, atTimes: 1, asked: { candidate: 3, base: 3 } });
});

test('P6: a test that fails in each run of the candidate and passes in each of the base is not cleared', async () => {
  expect(await repeated({ candidate: FAILED, base: PASSED })).toEqual({
    flaky: 0,
    atTimes: 0,
    asked: { candidate: 3, base: 3 },
  });
});

test('P6: tests of minutes are repeated once on each commit', async () => {
  const told = { candidate: FAILED, base: PASSED, durationMs: 60_000 };
  expect(await repeated(told)).toEqual({ flaky: 0, atTimes: 0, asked: { candidate: 1, base: 1 } });
});
