/**
 * Reads the output of test runners line by line. The texts are real output of the tools.
 */
import { DIALECTS } from '../../src/adapters/runners/all-runners';
import { addUp } from '../../src/inspect/test-output/dialect';
import { createOutputReader } from '../../src/inspect/test-output/output';
import { readOutput } from './read-output';
import { cpuMs } from '../cpu';

const JEST = `FAIL test/a.test.ts
  ● group › is wrong

    expect(received).toBe(expected)

Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 skipped, 2 passed, 4 total
Snapshots:   0 total
----------|---------|----------|---------|---------|-------------------
All files |   71.42 |       50 |     100 |   83.33 |
`;
const VITEST = `\u001b[31m × src/a.test.ts > is wrong 3ms\u001b[39m

 Test Files  1 failed (1)
      Tests  1 failed | 2 passed | 1 skipped (4)
   Start at  10:00:00
`;
const MOCHA = `
  group
    ✔ adds (5ms)
    - later
    1) is wrong
  ✔ alone

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
const UNITTEST = `test_adds (tests.test_a.TestA.test_adds) ... ok
test_later (tests.test_a.TestA.test_later) ... skipped 'not now'
test_wrong (tests.test_a.TestA.test_wrong)
It has words. ... FAIL
test_other (tests.test_a.TestA) ... ok

======================================================================
FAIL: test_wrong (tests.test_a.TestA.test_wrong)
----------------------------------------------------------------------
Ran 4 tests in 0.001s

FAILED (failures=1, skipped=1)
`;
const CARGO = `     Running unittests src/lib.rs (target/debug/deps/sums-0123456789abcdef)

running 3 tests
test tests::adds ... ok
test tests::later ... ignored
test tests::wrong ... FAILED

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests sums

running 1 test
test src/lib.rs - add (line 3) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s
`;
const GO = `=== RUN   TestA
--- PASS: TestA (0.00s)
--- FAIL: TestWrong (0.00s)
    --- PASS: TestWrong/one (0.00s)
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
  ['vitest', VITEST, 'is wrong'],
  ['mocha', MOCHA, 'group > is wrong'],
  ['pytest', PYTEST, 'test_a.py::test_wrong'],
  ['unittest', UNITTEST, 'tests.test_a.TestA.test_wrong'],
  ['cargo', CARGO, 'sums::tests::wrong'],
  ['go', GO, 'TestWrong'],
  ['tap', TAP, 'is wrong'],
])('%s is read', (runner, output, failing) => {
  const result = readOutput(output);
  expect(result).toMatchObject({ runners: [runner], counts: { total: 4, passed: 2, failed: 1, skipped: 1 } });
  expect(result.failing).toEqual([failing]);
});

test('R17: cargo and go name their tests, cargo by crate', () => {
  expect(readOutput(CARGO).tests).toEqual([
    ['', 'sums::tests::adds', 'passed'],
    ['', 'sums::tests::later', 'skipped'],
    ['', 'sums::tests::wrong', 'failed'],
    ['src/lib.rs', 'sums::src/lib.rs - add (line 3)', 'passed'],
  ]);
  expect(readOutput(GO).tests.map(([, name]) => name)).toEqual(['TestA', 'TestWrong', 'TestWrong/one', 'TestC']);
});

test('R16: two packages of lerna, one with a failure, are added up though the last one is green', () => {
  const output = [
    'lerna notice cli v8.1.2',
    '@shop/a: > @shop/a@1.0.0 test',
    '@shop/a: PASS src/a.test.js',
    '@shop/a: Tests:       1 failed, 2 passed, 3 total',
    '@shop/b: Tests:       4 passed, 4 total',
    'lerna success run Ran npm script test in 2 packages in 1.2s',
  ].join('\n');
  expect(readOutput(output).counts).toEqual({ total: 7, passed: 6, failed: 1, skipped: 0 });
});

test.each([
  ['turbo', (name: string, line: string) => `\u001b[35m${name}:test: \u001b[0m${line}`],
  ['lerna', (name: string, line: string) => `@shop/${name}: ${line}`],
  ['pnpm -r', (name: string, line: string) => `packages/${name} test: ${line}`],
  ['concurrently', (name: string, line: string) => `[${name}] ${line}`],
  ['yarn workspaces', (name: string, line: string) => `[${name}]: ${line}`],
  ['docker compose', (name: string, line: string) => `${name}-1  | ${line}`],
])('R16, R4: lines that %s prefixes are assigned to their packages, even if they are mixed', (_, mark) => {
  const [jest, tap] = [JEST.split('\n'), TAP.replace('is wrong', 'is bad').split('\n')];
  const mixed = jest.flatMap((line, at) => [mark('a', line), ...(tap[at] === undefined ? [] : [mark('b', tap[at])])]);
  const result = readOutput(mixed.join('\n'));
  expect(result.counts).toEqual({ total: 8, passed: 4, failed: 2, skipped: 2 });
  expect(result.tests.map(([, name]) => String(name))).toContainEqual(expect.stringMatching(/b\S*( test)? > is bad$/));
});

test('R4: packages that npm runs one after the other are distinguished by name', () => {
  const one = (name: string) => `\n> ${name}@1.0.0 test\n> node test.js\n\n1..1\nok 1 - adds\n`;
  const { tests, counts } = readOutput(one('@shop/a') + one('b'));
  expect(counts?.total).toBe(2);
  expect(tests.map(([, name]) => name)).toEqual(['@shop/a > adds', 'b > adds']);
});

test('P9: "732 passed, 19938 subtests passed" is 732 tests', () => {
  expect(readOutput('===== 732 passed, 19938 subtests passed in 12.34s =====\n').counts).toEqual({
    ...{ total: 732, passed: 732, failed: 0, skipped: 0 },
  });
  expect(readOutput('1 failed, 3 passed, 2 warnings, 1 error in 61.20s (0:01:01)\n').counts).toMatchObject({
    total: 5,
    failed: 2,
  });
});

test('P9: TAP with suites counts the tests in them, 76 and not 11', () => {
  const suite = (index: number, tests: number) => [
    `# Subtest: suite ${index}`,
    ...Array.from(
      { length: tests },
      (_, n) => `    ok ${n + 1} - test ${n + 1}\n      ---\n      duration_ms: 1\n      ...`,
    ),
    `    1..${tests}`,
    `ok ${index} - suite ${index}`,
  ];
  const suites = Array.from({ length: 11 }, (_, n) => suite(n + 1, n < 10 ? 7 : 6)).flat();
  const result = readOutput(
    ['TAP version 13', ...suites, '1..11', '# tests 76', '# suites 11', '# pass 76'].join('\n'),
  );
  expect(result).toMatchObject({ runners: ['node-test'], counts: { total: 76, passed: 76 } });
  expect(result.tests[75]).toEqual(['', 'suite 11 > test 6', 'passed']);
});

test('TAP: planned tests that never ran have failed; several reports are added up; no plan is no report', () => {
  expect(readOutput('1..3\nok 1\n').counts).toEqual({ total: 3, passed: 1, failed: 2, skipped: 0 });
  expect(readOutput('1..1\nok 1 - a\n1..1\nnot ok 1 - b\n').counts).toEqual({
    total: 2,
    passed: 1,
    failed: 1,
    skipped: 0,
  });
  expect(readOutput('ok 1 - a\nok 2 - b\n1..2\nok 1 - c\n1..1\n').counts?.passed).toBe(3);
  expect(readOutput('ok \tshop/a\t0.01s\nok then\n').counts).toBeNull();
});

test('P9: a comment of tape names the test, whatever its assertions are called; a comment of another program does not', () => {
  const lines = ['# adds', 'ok 1 sum', 'not ok 2 two', '  ---', '    expected: 2', '  ...', '# later', 'ok 3 # SKIP'];
  const tape = readOutput(['TAP version 13', ...lines, '', '1..3', '# tests 3', '# pass  2', '# fail  1'].join('\n'));
  expect(tape.tests).toEqual([
    ['', 'adds', 'failed'],
    ['', 'later', 'skipped'],
  ]);
  const perl = readOutput(['TAP version 13', 'not ok 1 - a', "# Failed test 'a'", 'ok 2 - b', '1..2'].join('\n'));
  expect(perl.tests.map(([, name]) => name)).toEqual(['a', 'b']);
});

test('TAP: a plan that no run could fulfil has failed, and fills no memory', () => {
  expect(readOutput('1..4000000000\nok 1 - a\n').counts).toMatchObject({ passed: 1, failed: 10_000 });
  expect(readOutput(`1..${'9'.repeat(400)}\nok 1 - a\n`).counts).toBeNull();
});

test.each([
  ['a jest suite', ' FAIL  a\n  ● Test suite failed to run\n\nTests:       2 passed, 2 total\n', 3],
  ['a vitest file', ' FAIL  src/a.test.ts [ src/a.test.ts ]\n      Tests  2 passed (2)\n', 3],
  ['a Go package', '--- PASS: TestA (0.00s)\nFAIL\texample.com/b [build failed]\n', 2],
  ['a crate', 'error: could not compile `sums` (lib) due to 1 previous error\n', 1],
  ['a class of unittest', 'ERROR: setUpClass (t.A)\nRan 0 tests in 0.000s\n\nFAILED (errors=1)\n', 1],
])('R16: %s that cannot be loaded is a failure', (_, output, total) => {
  expect(readOutput(output).counts).toMatchObject({ total, failed: 1 });
});

test.each(['', 'all tests passed', 'Tests pass: 100%', 'coverage 95', '10 passing grades'])(
  '%j is no report',
  (output) => {
    expect(readOutput(output)).toMatchObject({ counts: null, failing: [] });
  },
);

test('P9: output of any size is counted whole, in linear time', () => {
  const reader = createOutputReader(DIALECTS);
  const noise = Buffer.from(`${'x'.repeat(300_000)}\n${'a: '.repeat(200)}\n${' '.repeat(5_000)}ok\n`.repeat(20));
  reader.add(Buffer.from('Tests:       1 failed, 1 total\n'));
  const began = cpuMs();
  for (let count = 0; count < 5; count += 1) reader.add(noise);
  for (let count = 0; count < 20_000; count += 1)
    reader.add(Buffer.from(`tests/test_a.py::test_${count} PASSED [ 1%]\n`));
  reader.add(Buffer.from('=== 20000 passed in 1.00s ===\nTests:       2 passed, 2 total\n'));
  const counts = addUp(reader.close().map((one) => one.counts));
  expect(counts).toEqual({ total: 20_003, passed: 20_002, failed: 1, skipped: 0 });
  expect(cpuMs() - began).toBeLessThan(15_000);
});

test('P9: a test of unittest several of whose subtests failed is one test, and the others keep their names', () => {
  const test = (name: string) => `${name} (t.TestT.${name})`;
  const fails = ['one', 'two'].map((sub) => `  ${test('test_valid')} [${sub}] ... FAIL`);
  const blocks = ['one', 'two'].map((sub) => `FAIL: ${test('test_valid')} [${sub}]\n---\nAssertionError\n`);
  const lines = [`${test('test_valid')} ... `, ...fails, `${test('test_other')} ... ok`, '', ...blocks];
  const result = readOutput([...lines, 'Ran 2 tests in 0.1s', '', 'FAILED (failures=2)', ''].join('\n'));
  expect(result).toMatchObject({ counts: { total: 2, passed: 1, failed: 1 } });
  expect(result.tests.map(([, name, status]) => [name, status])).toEqual([
    ['t.TestT.test_valid', 'failed'],
    ['t.TestT.test_other', 'passed'],
  ]);
});
