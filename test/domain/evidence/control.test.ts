/**
 * The negative control by criterion.
 */
import { criteriaWithoutControl, saysNameIsMissing } from '../../../src/domain/evidence/control';

const file = 'test/till.test.js';
const ran = (name: string) => ({ file, name, status: 'passed' });
const tests = [ran('takes ten off'), ran('adds'), ran('adds_all')];

function judged(testedBy: string, ...passedWithout: string[]): string[] {
  return criteriaWithoutControl({
    ...{ criteria: ['C1'], tests, without: { passed: passedWithout.map((name) => ({ file, name })), missing: [] } },
    claims: [{ criterion_id: 'C1', tested_by: testedBy }],
  });
}

test('a new criterion whose only test passes without the change is shown by nothing', () => {
  expect(judged(`${file}: adds`, 'adds', 'adds_all')).toEqual([
    'criterion C1: "adds" passes without the change, too: nothing is shown by that',
  ]);
});

test('one test that fails without the change shows it, whatever stands beside it', () => {
  expect(judged(`${file}: takes ten off and ${file}: adds`, 'adds', 'adds_all')).toEqual([]);
});

test('names match as whole segments: a test whose name begins alike speaks for itself only', () => {
  expect(judged(`${file}: adds_all`, 'adds')).toEqual([]);
});

test('nothing is said where the tests were not run without the change, or the run names none', () => {
  const claims = [{ criterion_id: 'C1', tested_by: 'adds' }];
  expect(criteriaWithoutControl({ criteria: ['C1'], claims, tests, without: null })).toEqual([]);
  expect(
    criteriaWithoutControl({ criteria: ['C1'], claims, tests: null, without: { passed: [], missing: [] } }),
  ).toEqual([]);
});

test.each([
  ["The requested module '../src/a.js' does not provide an export named 'b'", true],
  ["ImportError: cannot import name 'b' from 'a'", true],
  ['./a_test.go:5:2: undefined: Sum', true],
  ['Expected values to be strictly equal:\n3 !== 4', false],
  ['assert 3 == 4', false],
])('of %j a missing name is told: %s', (message, isMissing) => {
  expect(saysNameIsMissing(message)).toBe(isMissing);
});
