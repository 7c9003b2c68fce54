/** What runners print, read: node's own output made here for real, the others as they print it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIALECTS } from '../../src/adapters/runners/all-runners';
import { readTestReport as readReport } from '../../src/inspect/test-output/report';
import { readTap } from '../../src/inspect/test-output/tap';

const readTestReport = (output: string) => readReport(output, DIALECTS);

function nodeTest(...flags: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'q-report-'));
  writeFileSync(
    join(folder, 'sum.js'),
    'exports.sum = (a, b) => {\n  if (a === 99) {\n    return 0;\n  }\n  return a + b;\n};\n',
  );
  const program = `const { test, describe } = require('node:test'); const { sum } = require('./sum');
    test('adds', () => { if (sum(1, 2) !== 3) throw new Error(); });
    test('is wrong', () => { throw new Error('no'); });
    test.skip('later', () => {});
    test.todo('some day');
    describe('group', () => { test('inner', () => {}); });`;
  writeFileSync(join(folder, 'sum.test.js'), program);
  const env = { PATH: '/usr/bin:/bin', FORCE_COLOR: '1' };
  const { stdout } = spawnSync(process.execPath, ['--test', ...flags], { cwd: folder, encoding: 'utf8', env });
  rmSync(folder, { recursive: true });
  return stdout;
}

test.each(['tap', 'spec'])('node --test with the %s reporter is counted', (reporter) => {
  const report = readTestReport(nodeTest(`--test-reporter=${reporter}`));
  expect(report.counts).toEqual({ total: 5, passed: 2, failed: 1, skipped: 2 });
  expect(report.failing).toContain('is wrong');
});

test('the coverage that node prints does not disturb its summary', () => {
  for (const reporter of ['tap', 'spec']) {
    const report = readTestReport(nodeTest('--experimental-test-coverage', `--test-reporter=${reporter}`));
    expect(report.counts?.total).toBe(5);
  }
});

test('a summary that the program under test prints before the real one does not count', () => {
  const forged = '# tests 100\n# pass 100\n# fail 0\n';
  expect(readTestReport(forged + nodeTest('--test-reporter=tap')).counts?.total).toBe(5);
});

const JEST = `FAIL test/a.test.ts
  ● group › is wrong

    expect(received).toBe(expected)

Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 skipped, 2 passed, 4 total
Snapshots:   0 total
----------|---------|----------|---------|---------|-------------------
File      | % Stmts | % Branch | % Funcs | % Lines | Uncovered Line #s
----------|---------|----------|---------|---------|-------------------
All files |   71.42 |       50 |     100 |   83.33 |
`;
const VITEST = `\u001b[31m × src/a.test.ts > is wrong 3ms\u001b[39m

 Test Files  1 failed (1)
      Tests  1 failed | 2 passed | 1 skipped (4)
   Start at  10:00:00
`;
const MOCHA = `
  2 passing (5ms)
  1 pending
  1 failing

  1) group
       is wrong:
     Error: no
`;
const PYTEST = `F..s                                                                     [100%]
TOTAL                        6      1    83%
=========================== short test summary info ============================
FAILED test_a.py::test_wrong - assert 1 == 2
1 failed, 2 passed, 1 skipped in 0.03s
`;
const CARGO = `test tests::wrong ... FAILED
test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
`;
const GO = `=== RUN   TestA
--- PASS: TestA (0.00s)
--- PASS: TestB (0.00s)
--- FAIL: TestWrong (0.00s)
--- SKIP: TestC (0.00s)
FAIL
coverage: 83.3% of statements
`;
const TAP = `TAP version 13
1..4
ok 1 - a
ok 2 - b
not ok 3 - is wrong
ok 4 - later # SKIP not now
`;

test.each([
  ['jest', JEST, 'group › is wrong'],
  ['vitest', VITEST, 'src/a.test.ts > is wrong'],
  ['mocha', MOCHA, 'group is wrong'],
  ['pytest', PYTEST, 'test_a.py::test_wrong'],
  ['cargo', CARGO, 'tests::wrong'],
  ['go', GO, 'TestWrong'],
  ['tap', TAP, 'is wrong'],
])('%s is read', (_runner, output, failing) => {
  const report = readTestReport(output);
  expect(report.counts).toEqual({ total: 4, passed: 2, failed: 1, skipped: 1 });
  expect(report.failing).toEqual([failing]);
});

test('planned TAP tests that never ran have failed', () => {
  expect(readTestReport('1..3\nok 1\n').counts).toEqual({ total: 3, passed: 1, failed: 2, skipped: 0 });
});

test('TAP points without a description are one test each', () => {
  const output = '1..3\nok 1\nnot ok 2\nok\n';
  expect(readTap(output)?.map(({ status }) => status)).toEqual(['passed', 'failed', 'passed']);
  expect(readTestReport(output).counts).toEqual({ total: 3, passed: 2, failed: 1, skipped: 0 });
});

test('a TAP plan that no run could fulfil has failed, and fills no memory', () => {
  for (const planned of ['4000000000', '9'.repeat(400)]) {
    const tests = readTap(`1..${planned}\nok 1 - a\n`) ?? [];
    expect(tests).toHaveLength(10_001);
    expect(tests.at(-1)?.status).toBe('failed');
    expect(readTestReport(`1..${planned} # x\n`).counts?.failed).toBe(10_000);
  }
});

test('two TAP plans are no report of named tests, and the last one counts', () => {
  const output = '1..1\nok 1 - a\n1..4\nok 2 - b\nok 3 # SKIP\n';
  expect(readTap(output)).toBeNull();
  expect(readTestReport(output).counts).toEqual({ total: 4, passed: 2, failed: 1, skipped: 1 });
});

test('where two runners print a summary, the counts are those of the first of the list', () => {
  expect(readTestReport(`${MOCHA}${PYTEST}# tests 1\n# pass 1\n`).counts?.total).toBe(1);
  expect(readTestReport(`${PYTEST}  7 passing (5ms)\n`).counts?.total).toBe(7);
});

test('pytest without tests is zero tests, not an unknown output', () => {
  expect(readTestReport('no tests ran in 0.00s\n').counts).toEqual({ total: 0, passed: 0, failed: 0, skipped: 0 });
});

test.each(['', 'all tests passed', 'Tests pass: 100%', 'coverage 95', '10 passing grades'])(
  '%j is no report',
  (output) => {
    expect(readTestReport(output)).toEqual({ counts: null, failing: [] });
  },
);

test('names are bounded', () => {
  const output = Array.from({ length: 50 }, (_, n) => `not ok ${n + 1} - ${n} ${'x'.repeat(500)}`).join('\n');
  const { failing } = readTestReport(output);
  expect(failing).toHaveLength(20);
  expect(Math.max(...failing.map((name) => name.length))).toBe(200);
});
