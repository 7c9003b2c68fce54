/**
 * Tests the negative control with a runner that counts tests and does not name them. The run of the control is a stored one.
 */
import type { Deps } from '../../../src/activities/deps';
import { controlOf } from '../../../src/activities/testing/control';
import type { TestMethod } from '../../../src/activities/testing/run-tests';
import type { BaseRunResult } from '../../../src/ports/documents';
import type { TestRun } from '../../../src/ports/test-runner';

const NEW_TEST = { path: 'test/whole_test.c', text: 'int main(void) { return 0; }' };
const COUNTS = { total: 3, passed: 3, failed: 0, skipped: 0 };
/** All tests pass, and a check after the tests makes the command fail. */
const AT_BASE: BaseRunResult = { passed: [], failed: [], flaky: [], red: [], counts: COUNTS, exitCode: 3 };
const method = { base: 'a'.repeat(40), choice: { command: ['make', 'test'], preferred: [] } } as unknown as TestMethod;

async function controlWith(baseRun: Partial<BaseRunResult>) {
  const deps = { documents: { load: () => Promise.resolve({ ...AT_BASE, ...baseRun }) } } as unknown as Deps;
  const run = { tests: [], counts: { ...COUNTS, total: 4, passed: 4 }, exitCode: 3 } as unknown as TestRun;
  const files = { locked: [], changed: [NEW_TEST] };
  const { control } = await controlOf(deps, method, { run, atBase: AT_BASE, ...files, known: [], keepsAll: false });
  return control;
}

test.each([
  ['counts the same and ends in the same way', false, {}],
  ['counts one more that passes', false, { counts: { ...COUNTS, total: 4, passed: 4 } }],
  ['counts one more that fails', true, { counts: { ...COUNTS, total: 4, failed: 1 } }],
  ['ends in another way', true, { exitCode: 2 }],
  ['counts nothing', true, { counts: null }],
])(
  'P6: if the command fails at the base although its tests pass, a control run that %s shows the change: %s',
  async (_what, shows, baseRun) => {
    expect(await controlWith(baseRun)).toMatchObject({ green: [], shows });
  },
);
