/** Decides which files a test runner runs, by name, by the files that ran, and by content. */
import { holdsTests, isRunnable, findUnrunFiles } from '../../../src/domain/evidence/runnable';

test.each([
  ['test/a.test.tsx', true],
  ['test/helper.ts', false],
  ['test/data/test_data.json', false],
  ['tests/test_b.py', true],
  ['src/test/java/AppTest.java', true],
])('a runner that ran test/x.test.ts also runs %s: %s', (path, isRun) => {
  expect(isRunnable(path, ['test/x.test.ts'])).toBe(isRun);
});

test('without test-like names, a file in the same folder with the same ending counts as run', () => {
  expect(isRunnable('test/b.js', ['test/a.js'])).toBe(true);
  expect(isRunnable('test/b.txt', ['test/a.js'])).toBe(false);
});

test('a Go file with only benchmarks holds no test', () => {
  const text = 'package a\n\nfunc BenchmarkX(b *testing.B) {}\n';
  expect(holdsTests({ path: 'a/x_test.go', text })).toBe(false);
  expect(holdsTests({ path: 'a/x_test.go', text: `${text}func TestX(t *testing.T) {}\n` })).toBe(true);
  expect(holdsTests({ path: 'test/x.test.js', text: '' })).toBe(true);
});

const runOf = (...tests: Array<[file: string, name: string]>) => ({
  tests: tests.map(([file, name]) => ({ file, name, status: 'passed' })),
  counts: { total: tests.length, passed: tests.length, failed: 0, skipped: 0 },
});
const RUST_TEST = '#![cfg(feature = "money")]\n#[test]\nfn currency_stands_first() {}\n#[test]\nfn adds_amounts() {}\n';
const JS_TEST = "import test from 'ava';\ntest('a currency', (t) => t.pass());\n";
const testsAtBase = [{ file: '', name: 'till::adds' }];

test.each([
  ['of Rust behind a feature', 'tests/money.rs', RUST_TEST, runOf(['', 'till::adds'])],
  ['in a folder that the runner does not look into', 'e2e/money.test.js', JS_TEST, runOf(['test/a.test.js', 'adds'])],
])('P2: a test %s that no run names is reported as left out', (_what, path, text, run) => {
  expect(findUnrunFiles([{ path, text }], run, [...testsAtBase, { file: 'test/a.test.js', name: 'adds' }])).toEqual([
    path,
  ]);
});

test.each([
  [
    'it ran, without a file',
    'tests/money.rs',
    RUST_TEST,
    runOf(['', 'till::adds'], ['', 'money::currency_stands_first']),
  ],
  ['it ran, under another file name', 'e2e/money.test.js', JS_TEST, runOf(['build/0.js', 'a currency'])],
  ['it holds no test', 'tests/common.rs', 'pub fn till() {}\n', runOf(['', 'till::adds'])],
  ['it is a helper', 'test/helper.js', JS_TEST, runOf(['test/a.test.js', 'adds'])],
  ['the run names no test', 'e2e/money.test.js', JS_TEST, { ...runOf(), counts: runOf(['', 'a']).counts }],
])('P2: a file is not reported as left out if %s', (_what, path, text, run) => {
  expect(findUnrunFiles([{ path, text }], run, testsAtBase)).toEqual([]);
});
