/**
 * Tests which work goes back to the Code Writer without a call of the Test Auditor: new failures, but not old tests that must change.
 */
import type { Measured } from '../../../src/activities/testing/measure';
import { mustGoBack } from '../../../src/activities/testing/send-back';

const testNamed = (name: string) => ({ file: 'test/a.test.js', name });
const names = (what: string, count: number) => Array.from({ length: count }, (_, n) => testNamed(`${what} ${n}`));

interface TestCounts {
  turnedRed?: number;
  redBefore?: number;
  flaky?: number;
  newlyFailed?: number;
}

function measuredTests({
  turnedRed = 0,
  redBefore = 0,
  flaky = 0,
  newlyFailed = 0,
}: TestCounts): Omit<Measured, 'candidate' | 'without'> {
  const [old, red, unsteady] = [names('old', turnedRed), names('red', redBefore), names('flaky', flaky)];
  const failed = [...old, ...red, ...unsteady, ...names('new', newlyFailed)];
  const tests = [
    ...failed.map((test) => ({ ...test, status: 'failed' as const })),
    { ...testNamed('green'), status: 'passed' as const },
  ];
  // Evidence names at most five of them.
  const knownFailures = { red: redBefore, flaky, names: [...red, ...unsteady].slice(0, 5).map(({ name }) => name) };
  const counts = { total: tests.length, passed: 1, failed: failed.length, skipped: 0 };
  const evidence = { counts, timedOut: false, integrity: { knownFailures } } as unknown as Measured['evidence'];
  return {
    evidence,
    tests,
    turnedRed: old,
    redBefore: red,
    flaky: unsteady,
    passedBefore: [...old, testNamed('green')],
  };
}

test.each([
  ['five known reds', { redBefore: 5 }],
  ['six known reds', { redBefore: 6 }],
  ['three known reds and forty flaky tests', { redBefore: 3, flaky: 40 }],
] as const)('P1 and P6: with %s, an old test that must change is shown to the Test Auditor', (_what, knownFailures) => {
  expect(mustGoBack(measuredTests({ turnedRed: 1, ...knownFailures }))).toBe(false);
});

test('P6: a failing new test among many known failures goes back', () => {
  expect(mustGoBack(measuredTests({ redBefore: 20, newlyFailed: 1 }))).toBe(true);
});

test.each([
  ['an old test file that uses the old name of a field', './a_test.go:454:4: f.Old undefined', false],
  ['a source', './a.go:3:1: syntax error', true],
  ['a new test file', './new_test.go:3:1: undefined: g', true],
  ['an old test file and a source', './a_test.go:4:4: undefined: g\n./a.go:3:1: undefined: h', true],
  ['a new file with the name of an old one below', './b_test.go:3:1: undefined: g', true],
  ['too many places', './a_test.go:4:4: undefined: g\n./a_test.go:9:1: too many errors', true],
  ['no named file', 'exit status 1', true],
])('a compiler error in %s decides whether the work goes back', (_what, errors, goesBack) => {
  const { evidence, ...rest } = measuredTests({});
  const counts = { total: 1, passed: 0, failed: 1, skipped: 0 };
  const tests = [
    { file: '', name: 'example.org/till > (file)', status: 'failed' as const, message: `# till\n${errors}` },
  ];
  const before = ['a_test.go', 'below/b_test.go'].map((file) => ({ file, name: 'TestA' }));
  expect(
    mustGoBack({ ...rest, evidence: { ...evidence, counts }, tests, passedBefore: before, turnedRed: before }),
  ).toBe(goesBack);
});
