/** Any command: what its JUnit files or its TAP say. No watch inside, and the run says so. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJunit } from '../../../src/inspect/test-output/junit';
import { readTap } from '../../../src/inspect/test-output/tap';
import { reasonsOf, runProject } from './bench';

const JUNIT =
  '<testsuite tests="3"><testcase classname="a" name="x &lt; y"/><testcase name="b" file="t/b.c"><failure message="&quot;"/></testcase><testcase name="c"><skipped/></testcase></testsuite>';

test('JUnit: cases, failures, skipped ones; words in the output of a case are none', () => {
  expect(parseJunit(JUNIT)).toEqual([
    { file: 'a', name: 'x < y', status: 'passed' },
    { file: 't/b.c', name: 'b', status: 'failed' },
    { file: '', name: 'c', status: 'skipped' },
  ]);
  const quoting = '<testcase name="d"><system-out><![CDATA[<failure/>]]></system-out></testcase>';
  expect(parseJunit(quoting)).toEqual([{ file: '', name: 'd', status: 'passed' }]);
});

test('TAP: points, left out ones, planned ones that are missing; two plans are none', () => {
  expect(readTap('1..4\nok 1 - a\nnot ok 2 b\nok 3 c # SKIP no\n')?.map(({ status }) => status)).toEqual([
    ...['passed', 'failed', 'skipped', 'failed'],
  ]);
  expect(readTap('1..1\nok 1\n1..1\nok 1\n')).toBeNull();
});

test('a command that writes JUnit is counted by it, and has no sentinel', async () => {
  const files = { 'run-tests': `printf '%s' '<testsuite><testcase name="a"/></testsuite>' > junit.xml` };
  const run = await runProject({ runner: 'generic', files });
  expect(run).toMatchObject({ counts: { total: 1, passed: 1 }, sentinel: null, coverage: null });
  expect(reasonsOf(run)).toEqual([]);
});

const GREEN = { 'run-tests': 'echo 1..1; echo ok 1 - a' };
const LCOV = 'SF:/workspace/src/a.c\\nDA:1,2\\nDA:3,0,sum\\nend_of_record\\nSF:./src/a.c\\nDA:1,1\\nend_of_record\\n';

test('a coverage command that writes lcov says which lines ran', async () => {
  const write = `mkdir coverage && printf '${LCOV}' > coverage/lcov.info`;
  const run = await runProject({ runner: 'generic', files: GREEN, coverageCommand: ['sh', '-c', write] });
  expect(run.coverage).toEqual({ 'src/a.c': { 1: 3, 3: 0 } });
  expect(reasonsOf(run)).toEqual([]);
});

test.each([
  ['writes nothing', 'true', /exit code 1/],
  ['fails', `printf '${LCOV}' > lcov.info; exit 4`, /exit code 4/],
  ['links to another file', `printf '${LCOV}' > x; ln -s x lcov.info`, /exit code 1/],
])('a coverage command that %s fails the run', async (_, script, reason) => {
  // What lies in the tree already is no report of this run.
  const files = { ...GREEN, 'lcov.info': 'SF:src/a.c\nDA:1,9\n' };
  const run = await runProject({ runner: 'generic', files, coverageCommand: ['sh', '-c', script] });
  expect(reasonsOf(run).join()).toMatch(reason);
});

test('a folder that is a link leads nowhere: no report is read there, and none is removed', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'q-test-outside-'));
  try {
    writeFileSync(join(outside, 'junit.xml'), '<testcase name="a"/>');
    writeFileSync(join(outside, 'lcov.info'), 'SF:src/a.c\nDA:1,9\n');
    const files = { 'run-tests': `ln -s ${outside} reports; ln -s ${outside} coverage` };
    const run = await runProject({ runner: 'generic', files, coverageCommand: ['true'] });
    expect(run).toMatchObject({ counts: { passed: 0 }, coverage: null });
    expect(readdirSync(outside)).toEqual(['junit.xml', 'lcov.info']);
  } finally {
    rmSync(outside, { recursive: true });
  }
});

test('no coverage command is run where a watch counts the lines', async () => {
  const files = {
    'a.js': 'module.exports = 1;\n',
    'a.test.js': "require('node:test')('a', () => void require('./a.js'));\n",
  };
  const run = await runProject({ runner: 'node-test', files, coverageCommand: ['sh', '-c', 'exit 9'] });
  expect(run).toMatchObject({ exitCode: 0, coverage: { 'a.js': { 1: 1 } } });
});

test.each([
  [
    'a JUnit file that lay in the tree',
    { 'run-tests': 'true', 'junit.xml': '<testcase name="a"/>' },
    /could not be read/,
  ],
  ['a link in the place of the report', { 'run-tests': 'ln -s /etc/passwd junit.xml' }, /could not be read/],
  ['a pipe in the place of the report', { 'run-tests': 'mkfifo junit.xml' }, /could not be read/],
  ['an exit code beside a green report', { 'run-tests': 'echo 1..1; echo ok 1; exit 3' }, /exit code 3/],
  ['nothing at all', { 'run-tests': 'true' }, /could not be read/],
])('bent: %s', async (_, files, reason) => {
  expect(reasonsOf(await runProject({ runner: 'generic', files: files as Record<string, string> })).join()).toMatch(
    reason,
  );
});
