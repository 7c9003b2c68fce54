/**
 * The gate of testing passes only evidence that is measured on this commit, counts tests, and has no new failure.
 */
import { judgeTests } from '../../../src/domain/evidence/evidence';
import type { Evidence } from '../../../src/domain/evidence/evidence';
import { NOW } from '../a-build';
import { verifies } from '../../requirements/verifies';

const COMMIT = 'c'.repeat(40);
const EXPECTED = { commit: COMMIT, lockedDigest: null };
const GREEN: Evidence = {
  ...{ kind: 'tests', command: ['npm', 'test'], commit: COMMIT, exitCode: 0, timedOut: false },
  counts: { total: 3, passed: 3, failed: 0, skipped: 0 },
  integrity: {
    ...{ runner: 'node-test', sentinel: { kept: true, reason: '' }, control: null, lockedDigest: null, unshown: [] },
    baseline: { passed: 0, lost: 0, names: [] },
  },
  ...{ coveragePercent: null, logDigest: 'sha256:', failing: [], durationMs: 1, sandbox: 'bubblewrap', at: NOW },
};

test('green evidence about this commit passes', () => {
  expect(judgeTests(GREEN, EXPECTED)).toEqual({ pass: true });
});

test('evidence with some skipped and otherwise passing tests passes', () => {
  expect(judgeTests({ ...GREEN, counts: { total: 3, passed: 2, failed: 0, skipped: 1 } }, EXPECTED).pass).toBe(true);
});

verifies('6.5');
test.each<[string, Partial<Evidence> | null, RegExp]>([
  ['none', null, /no test run was measured/],
  ['about another commit', { commit: 'd'.repeat(40) }, /ran on dddddddddddd, not on cccccccccccc/],
  ['that ran out of time', { timedOut: true, exitCode: null }, /ran out of time/],
  ['of a killed run', { exitCode: null }, /exit code none \(killed\)/],
  ['with an exit code', { exitCode: 2 }, /exit code 2/],
  ['that cannot be read', { counts: null }, /no test was counted/],
  ['of no test', { counts: { total: 0, passed: 0, failed: 0, skipped: 0 } }, /no test ran/],
  [
    'with a failed test and exit code 0',
    { counts: { total: 3, passed: 2, failed: 1, skipped: 0 } },
    /1 of 3 tests failed/,
  ],
  ['of skipped tests only', { counts: { total: 3, passed: 0, failed: 0, skipped: 3 } }, /all 3 tests were skipped/],
])('evidence %s does not pass', (_what, over, reason) => {
  const verdict = judgeTests(over === null ? null : { ...GREEN, ...over }, EXPECTED);
  expect(verdict).toMatchObject({ pass: false, reasons: [expect.stringMatching(reason)] });
});

test('P6: an exit code that the base commit also had, with all tests passing, does not stop a change', () => {
  const base = (exitCode: number): Evidence => ({
    ...GREEN,
    exitCode: 1,
    integrity: { ...GREEN.integrity!, baseline: { passed: 3, lost: 0, names: [], exitCode } },
  });
  expect(judgeTests(base(1), EXPECTED)).toEqual({ pass: true });
  expect(judgeTests(base(2), EXPECTED)).toMatchObject({ pass: false, reasons: [expect.stringMatching(/exit code 1/)] });
  const red = { ...base(1), counts: { total: 4, passed: 3, failed: 1, skipped: 0 } };
  expect(judgeTests(red, EXPECTED)).toMatchObject({ pass: false });
});

verifies('6.5', '9.9');
test.each([
  [undefined, 79.9, false],
  [undefined, 80, true],
  [undefined, null, true],
  [95, 94.9, false],
  [95, 95, true],
  [0, 0, true],
])('with a coverage floor of %s %%, a coverage of %s %% passes: %s', (coverageFloorPercent, percent, pass) => {
  const verdict = judgeTests({ ...GREEN, coveragePercent: percent }, { ...EXPECTED, coverageFloorPercent });
  expect(verdict.pass).toBe(pass);
  if (!verdict.pass) expect(verdict.reasons.join()).toContain(`below ${coverageFloorPercent ?? 80} %`);
});

test.each<[string, Partial<NonNullable<Evidence['integrity']>>]>([
  [
    'of the Test Auditor',
    { unshown: ['e2e/a.test.js'], control: { files: 1, green: ['e2e/a.test.js'], shows: false } },
  ],
  ['of the Code Writer', { control: { files: 1, green: [], shows: false } }],
])('P2: a test %s that did not run is reported as not run', (_whose, over) => {
  const integrity = { ...GREEN.integrity!, ...over, notRun: ['e2e/a.test.js'] };
  const verdict = judgeTests({ ...GREEN, integrity }, EXPECTED);
  expect(verdict).toEqual({
    pass: false,
    reasons: [
      'e2e/a.test.js: no test of it was run by the command "npm test"; commands.test, or the settings of the test runner, must pick it up',
    ],
  });
});

test('P2: a file that did not run does not stop a change that another new test shows', () => {
  const control = { files: 2, green: [], shows: true };
  expect(
    judgeTests({ ...GREEN, integrity: { ...GREEN.integrity!, control, notRun: ['e2e/a.test.js'] } }, EXPECTED).pass,
  ).toBe(true);
});
