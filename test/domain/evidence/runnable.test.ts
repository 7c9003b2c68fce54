/** Which files a runner runs: told by their names, by what ran, and by what stands in them. */
import { holdsTests, isRunnable } from '../../../src/domain/evidence/runnable';

test.each([
  ['test/a.test.tsx', true],
  ['test/helper.ts', false],
  ['test/data/test_data.json', false],
  ['tests/test_b.py', true],
  ['src/test/java/AppTest.java', true],
])('a runner that ran test/x.test.ts runs %s, too: %s', (path, isRun) => {
  expect(isRunnable(path, ['test/x.test.ts'])).toBe(isRun);
});

test('where no name tells, a file beside one that ran, with its ending, is run', () => {
  expect(isRunnable('test/b.js', ['test/a.js'])).toBe(true);
  expect(isRunnable('test/b.txt', ['test/a.js'])).toBe(false);
});

test('a file of Go with benchmarks alone holds no test', () => {
  const text = 'package a\n\nfunc BenchmarkX(b *testing.B) {}\n';
  expect(holdsTests({ path: 'a/x_test.go', text })).toBe(false);
  expect(holdsTests({ path: 'a/x_test.go', text: `${text}func TestX(t *testing.T) {}\n` })).toBe(true);
  expect(holdsTests({ path: 'test/x.test.js', text: '' })).toBe(true);
});
