/** Tests JUnit, TAP and lcov files that any command may write anywhere in the tree. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJunitReader } from '../../../src/adapters/runners/junit';
import { reasonsOf, runProject } from './run-project';
import type { Files } from './run-project';

function parse(text: string, partChars = 11) {
  const reader = createJunitReader();
  for (let at = 0; at < text.length; at += partChars) reader.write(text.slice(at, at + partChars));
  return reader.end();
}
const run = (script: string, files: Files = {}) =>
  runProject({ command: ['sh', 'run-tests'], files: { 'run-tests': script, ...files }, coverage: false });
const scriptThatWrites = (path: string, text: string) => `mkdir -p $(dirname ${path}); printf '%s' '${text}' > ${path}`;

const JUNIT =
  '<testsuite tests="3"><testcase classname="a" name="x &lt; y"/><testcase name="b" file="t/b.c"><failure message="&quot;no&quot;">at t/b.c:3</failure></testcase><testcase name="c"><skipped/></testcase></testsuite>';

test('JUnit: cases, failures with messages, and skipped cases are read; XML inside the output of a case is not', () => {
  expect(parse(JUNIT)).toEqual([
    { file: '', name: 'a > x < y', status: 'passed' },
    { file: 't/b.c', name: 'b', status: 'failed', message: '"no"\nat t/b.c:3' },
    { file: '', name: 'c', status: 'skipped' },
  ]);
  const quoting =
    '<testsuite><testcase name="d"><system-out><![CDATA[<failure/>]]></system-out></testcase></testsuite>';
  expect(parse(quoting)).toEqual([{ file: '', name: 'd', status: 'passed' }]);
  expect(parse('<project><testcase name="a"/></project>')).toBeNull();
});

test('R16: a suite with an error outside of its test cases has failed, also inside another suite', () => {
  const suite =
    '<testsuites errors="1"><testsuite name="t/a.js" errors="1" tests="0"><error message="no module"/></testsuite></testsuites>';
  expect(parse(suite)).toMatchObject([{ name: 't/a.js > (error outside of its tests)', status: 'failed' }]);
  const nested =
    '<testsuite failures="1"><testsuite failures="1"><testcase name="a"><failure/></testcase></testsuite></testsuite>';
  expect(parse(nested)).toHaveLength(1);
});

test('a JUnit report without an end has failed', () => {
  expect(parse(JUNIT.slice(0, -20))?.map(({ status }) => status)).toContain('failed');
  expect(parse(`${JUNIT}<testsuite><testcase name="e">`)?.at(-1)?.status).toBe('failed');
});

test('R16: several JUnit files, deep in the tree, are added up', async () => {
  const one = scriptThatWrites('a/target/surefire-reports/TEST-a.xml', JUNIT);
  const testRun = await run(`${one}\n${scriptThatWrites('b/build/test-results/test/x.xml', JUNIT)}; exit 1`);
  expect(testRun).toMatchObject({
    runner: 'junit',
    counts: { total: 6, passed: 2, failed: 2, skipped: 2 },
    exitCode: 1,
  });
  expect(testRun.failures).toMatchObject([{ name: 'b', message: '"no"\nat t/b.c:3' }, {}]);
});

test('P9: files are found by the class names of a report', async () => {
  const xml = (name: string) => `<testcase classname="${name}" name="adds"/>`;
  const names = ['com.shop.UserTest', 'tests.test_api.TestUser', 'com.other.Missing'];
  const files = { 'app/src/test/java/com/shop/UserTest.java': '', 'tests/test_api.py': '' };
  const { tests } = await run(
    scriptThatWrites('out/r.xml', `<testsuite>${names.map(xml).join('')}</testsuite>`),
    files,
  );
  expect(tests.map(({ file, name }) => [file, name])).toEqual([
    ['app/src/test/java/com/shop/UserTest.java', 'com.shop.UserTest > adds'],
    ['tests/test_api.py', 'tests.test_api.TestUser > adds'],
    ['', 'com.other.Missing > adds'],
  ]);
});

test('the same tests in a JUnit file and in the output count once', async () => {
  const summary = 'echo "[INFO] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1"';
  expect((await run(`${scriptThatWrites('r.xml', JUNIT)}; ${summary}`)).counts?.total).toBe(3);
  const longerSummary = 'echo "[INFO] Tests run: 5, Failures: 2, Errors: 0, Skipped: 1"';
  expect((await run(`${scriptThatWrites('r.xml', JUNIT)}; ${longerSummary}`)).counts?.failed).toBeGreaterThan(1);
});

test('a TAP file is read as a report', async () => {
  const testRun = await run("mkdir out; printf '1..2\\nok 1 - a\\nnot ok 2 - b\\n' > out/r.tap");
  expect(testRun).toMatchObject({ runner: 'tap', counts: { total: 2, failed: 1 } });
});

test('a command without a record is counted by its JUnit file', async () => {
  const testRun = await run(scriptThatWrites('junit.xml', '<testsuite><testcase name="a"/></testsuite>'));
  expect(testRun).toMatchObject({ counts: { total: 1, passed: 1 }, sentinel: null, coverage: null });
  expect(reasonsOf(testRun)).toEqual([]);
});

const PASSING_SCRIPT = 'echo 1..1; echo ok 1 - a';
const LCOV = 'SF:/workspace/src/a.c\\nDA:1,2\\nDA:3,0,sum\\nend_of_record\\nSF:./src/a.c\\nDA:1,1\\nend_of_record\\n';
const runWithCoverage = (script: string, coverageCommand: string[], files: Files = {}) =>
  runProject({ command: ['sh', 'run-tests'], files: { 'run-tests': script, ...files }, coverageCommand });

test('the lcov file of a coverage command gives the lines that ran', async () => {
  const testRun = await runWithCoverage(PASSING_SCRIPT, [
    'sh',
    '-c',
    `mkdir coverage && printf '${LCOV}' > coverage/lcov.info`,
  ]);
  expect(testRun.coverage).toEqual({ 'src/a.c': { 1: 3, 3: 0 } });
  expect(reasonsOf(testRun)).toEqual([]);
});

test('lcov that the tests write is read, and the coverage command is not run', async () => {
  const testRun = await runWithCoverage(`${PASSING_SCRIPT}; mkdir out; printf '${LCOV}' > out/lcov.info`, [
    'sh',
    '-c',
    'exit 9',
  ]);
  expect(testRun).toMatchObject({ exitCode: 0, coverage: { 'src/a.c': { 1: 3, 3: 0 } } });
});

test.each([
  ['writes nothing', 'true', /exit code 1/],
  ['fails', `printf '${LCOV}' > lcov.info; exit 4`, /exit code 4/],
  ['links to another file', `printf '${LCOV}' > x; ln -s x lcov.info`, /exit code 1/],
])('a coverage command that %s fails the run', async (_, script, reason) => {
  // A file that is already in the tree is not a report of this run.
  const testRun = await runWithCoverage(PASSING_SCRIPT, ['sh', '-c', script], { 'lcov.info': 'SF:src/a.c\nDA:1,9\n' });
  expect(reasonsOf(testRun).join()).toMatch(reason);
});

test('no report is read through a link to a folder', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'q-test-outside-'));
  try {
    writeFileSync(join(outside, 'junit.xml'), '<testsuite><testcase name="a"/></testsuite>');
    const testRun = await run(`ln -s ${outside} reports; ln -s ${outside}/junit.xml junit.xml`);
    expect(testRun.counts).toBeNull();
    expect(readdirSync(outside)).toEqual(['junit.xml']);
  } finally {
    rmSync(outside, { recursive: true });
  }
});

test.each([
  [
    'a JUnit file that was in the tree before',
    'true',
    { 'junit.xml': '<testsuite><testcase name="a"/></testsuite>' },
    /could not be read/,
  ],
  ['a pipe in place of the report', 'mkfifo junit.xml', {}, /could not be read/],
  ['an exit code other than 0 with a passing report', `${PASSING_SCRIPT}; exit 3`, {}, /exit code 3/],
  ['no report and no output', 'true', {}, /could not be read/],
])('the gate refuses a run with %s', async (_, script, files, reason) => {
  expect(reasonsOf(await run(script, files as Files)).join()).toMatch(reason);
});

test('results of other files are left out if the run names files', async () => {
  const xml = '<testsuite><testcase file="t/a.js" name="a"/><testcase file="t/b.js" name="b"/></testsuite>';
  const files = { 'run-tests': scriptThatWrites('r.xml', xml), 't/a.js': '', 't/b.js': '' };
  const testRun = await runProject({ command: ['sh', 'run-tests'], files, only: ['t/b.js'], coverage: false });
  expect(testRun).toMatchObject({ counts: { total: 1 }, tests: [{ name: 'b' }] });
});

test('R16: if the reporter of uvu records no test, as with a module loader, the printed summary counts', async () => {
  const printSummary = "printf '  Total:     3\\n  Passed:    3\\n  Skipped:   0\\n'";
  const emptyRecord = `printf '{"v":1,"runner":"uvu"}\\n{"end":0}\\n' > /report/1.jsonl`;
  const testRun = await run(`${emptyRecord}\n${printSummary}`);
  expect(testRun).toMatchObject({ runner: 'uvu', counts: { total: 3, passed: 3 } });
});
