/**
 * The negative control: a criterion that promises something new needs a test that fails without the change.
 */
import { criteriaWithoutControl, saysNameIsMissing } from '../../../src/domain/evidence/control';

const file = 'test/till.test.js';
const passedTest = (name: string) => ({ file, name, status: 'passed' });
const tests = [passedTest('takes ten off'), passedTest('adds'), passedTest('adds_all')];

function reportedCriteria(testedBy: string, ...passedWithout: string[]): string[] {
  return criteriaWithoutControl({
    ...{
      criteria: ['C1'],
      tests,
      withoutChange: { passed: passedWithout.map((name) => ({ file, name })), missing: [] },
    },
    claims: [{ criterion_id: 'C1', tested_by: testedBy }],
  });
}

test('a new criterion whose only test passes without the change is reported', () => {
  expect(reportedCriteria(`${file}: adds`, 'adds', 'adds_all')).toEqual([
    'criterion C1: "adds" passes without the change, too: nothing is shown by that',
  ]);
});

test('one test that fails without the change is enough for its criterion', () => {
  expect(reportedCriteria(`${file}: takes ten off and ${file}: adds`, 'adds', 'adds_all')).toEqual([]);
});

test('test names match as whole parts: adds_all does not name adds', () => {
  expect(reportedCriteria(`${file}: adds_all`, 'adds')).toEqual([]);
});

test('nothing is reported if the tests were not run without the change, or the run names no tests', () => {
  const claims = [{ criterion_id: 'C1', tested_by: 'adds' }];
  expect(criteriaWithoutControl({ criteria: ['C1'], claims, tests, withoutChange: null })).toEqual([]);
  expect(
    criteriaWithoutControl({ criteria: ['C1'], claims, tests: null, withoutChange: { passed: [], missing: [] } }),
  ).toEqual([]);
});

test.each([
  ["The requested module '../src/a.js' does not provide an export named 'b'", true],
  ["ImportError: cannot import name 'b' from 'a'", true],
  ['./a_test.go:5:2: undefined: Sum', true],
  ['Expected values to be strictly equal:\n3 !== 4', false],
  ['assert 3 == 4', false],
])('%j reports a missing name: %s', (message, isMissing) => {
  expect(saysNameIsMissing(message)).toBe(isMissing);
});
