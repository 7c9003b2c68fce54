/**
 * Checks how a run of the base's own tests is judged: by its exit code, its counts and the messages of the tools.
 */
import { judgeBase } from '../../src/inspect/project/tests-at-base';
import type { TestRun } from '../../src/ports/test-runner';
import { cpuMs } from '../cpu';

const RUN: TestRun = {
  ...{ runner: 'generic', command: ['npm', 'test'], exitCode: 1, timedOut: false, tests: [], counts: null },
  ...{ failing: [], failures: [], coverage: null, sentinel: null, output: '', durationMs: 10 },
};
const FILES = ['package.json', 'src/app.js'];
const TESTED = [...FILES, 'test/app.test.js'];
const counts = { total: 3, passed: 1, failed: 2, skipped: 0 };

test.each<[string, Partial<TestRun>, string[], object]>([
  ['a red run', { counts }, TESTED, { kind: 'ran' }],
  ['a red run without names', { counts, tests: [] }, FILES, { kind: 'ran' }],
  ['a run that was ended', { timedOut: true, exitCode: null }, TESTED, { kind: 'cut_off' }],
  ['a run that ended well and counted nothing', { exitCode: 0 }, TESTED, { kind: 'none' }],
  ['R1: jest is not installed (sh)', { exitCode: 127, output: 'sh: 1: jest: not found' }, TESTED, missing('program')],
  [
    'bubblewrap finds no program',
    { output: 'bwrap: execvp no-such: No such file or directory' },
    [],
    missing('program'),
  ],
  [
    'node finds no package',
    { output: "Error: Cannot find module 'express'\nRequire stack:" },
    TESTED,
    missing('module'),
  ],
  [
    'ESM finds no package',
    { output: "Cannot find package 'vitest' imported from /workspace/x" },
    FILES,
    missing('module'),
  ],
  ['python finds no pytest', { output: '/usr/bin/python3: No module named pytest' }, FILES, missing('module')],
  ['python finds no package', { output: "ModuleNotFoundError: No module named 'flask'" }, TESTED, missing('module')],
  ['a setting that cannot be read', { output: 'SyntaxError: Unexpected token' }, TESTED, missing(null)],
  ['jest finds no test', { output: 'No tests found, exiting with code 1' }, TESTED, { kind: 'none' }],
  ['vitest finds no test', { output: 'No test files found, exiting with code 1' }, TESTED, { kind: 'none' }],
  [
    'pytest finds no test',
    { exitCode: 5, output: 'collected 0 items\n\nno tests ran in 0.01s' },
    FILES,
    { kind: 'none' },
  ],
  ['node finds no test', { output: "Could not find '/workspace/test/*.test.js'\n" }, TESTED, { kind: 'none' }],
  ['node finds no file', { output: "Could not find '/workspace/test/app.test.js'\n" }, TESTED, missing(null)],
  ['a program finds no file', { output: "Error: could not find 'lib/*.so' to load" }, TESTED, missing(null)],
  ['mocha finds no test', { output: 'Error: No test files found: "test"' }, FILES, { kind: 'none' }],
  ['unittest finds no test', { exitCode: 5, output: 'Ran 0 tests in 0.000s\n\nNO TESTS RAN' }, FILES, { kind: 'none' }],
  ['npm has no test yet', { output: 'Error: no test specified' }, FILES, { kind: 'none' }],
  [
    'the test is to be written',
    { output: "Error: Cannot find module '/workspace/test/x.test.js'" },
    FILES,
    { kind: 'none' },
  ],
  ['the module of tests is to be written', { output: "No module named 'tests'" }, FILES, { kind: 'none' }],
])('%s', (_what, run, files, verdict) => {
  expect(judgeBase({ ...RUN, ...run }, files)).toMatchObject(verdict);
});

test("a line of 400 kB that only begins as node's is read without delay", () => {
  const output = `Could not find '${'*'.repeat(200_000)}\n${"could not find '".repeat(12_500)}`;
  const began = cpuMs();
  expect(judgeBase({ ...RUN, output }, TESTED)).toMatchObject(missing(null));
  expect(cpuMs() - began).toBeLessThan(1_000);
});

function missing(what: 'program' | 'module' | null) {
  return { kind: 'cannot_run', missing: what };
}
