/** Any command: what its JUnit files or its TAP say. No watch inside, and the run says so. */
import { parseJunit } from '../../../src/adapters/runners/junit';
import { readTap } from '../../../src/adapters/runners/tap';
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
