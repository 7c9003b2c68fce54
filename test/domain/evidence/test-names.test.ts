/** Finds the tests that a text names, in the spellings of people and of test runners. */
import { criteriaWithoutTest, namedTests } from '../../../src/domain/evidence/criteria';
import { testsNamedIn } from '../../../src/domain/evidence/test-names';
import { cpuMs } from '../../cpu';

const testsIn = (file: string, ...names: string[]) => names.map((name) => ({ file, name }));
const TESTS = [
  ...testsIn(
    'tests/test_api.py',
    'TestUser::test_name[short]',
    'TestUser::test_name[long name]',
    'TestUser::test_age',
    'test_name',
  ),
  ...testsIn('tests/test_shop.py', 'TestShop::test_name', 'test_total_all'),
  ...testsIn('src/test/java/com/example/UserTest.java', 'com.example.UserTest > keepsName()'),
  ...testsIn('pkg/sums/sums_test.go', 'TestAdd', 'TestAdd/two_words', 'TestAddAll'),
  ...testsIn('', 'sums::tests::carries', 'sums::other::carries'),
  ...testsIn('packages/a/till.test.js', 'till > adds up', 'till > adds', 'till > is empty'),
  ...testsIn('packages/b/till.test.js', 'cart > is empty'),
];
const namesIn = (text: string) => testsNamedIn(text, TESTS).map(({ name }) => name);

test.each<[string, string[]]>([
  ['tests/test_api.py::TestUser::test_name[short]', ['TestUser::test_name[short]']],
  ['TestUser::test_name[long name]', ['TestUser::test_name[long name]']],
  ['TestUser.test_name', ['TestUser::test_name[short]', 'TestUser::test_name[long name]']],
  ['TestUser', ['TestUser::test_name[short]', 'TestUser::test_name[long name]', 'TestUser::test_age']],
  ['`test_age` in tests/test_api.py', ['TestUser::test_age']],
  ['tests/test_shop.py::TestShop::test_name', ['TestShop::test_name']],
  ['UserTest#keepsName', ['com.example.UserTest > keepsName()']],
  ['com.example.UserTest.keepsName', ['com.example.UserTest > keepsName()']],
  ['keepsName()', ['com.example.UserTest > keepsName()']],
  ['pkg/sums TestAdd/two_words', ['TestAdd/two_words']],
  ['pkg/sums/TestAdd/two_words', ['TestAdd/two_words']],
  ['TestAdd', ['TestAdd']],
  ['tests::carries', ['sums::tests::carries']],
  ['sums::other::carries', ['sums::other::carries']],
  ['carries', ['sums::tests::carries', 'sums::other::carries']],
  ['till > adds up', ['till > adds up']],
  ['till adds up', ['till > adds up']],
  ['till › adds', ['till > adds']],
  ['the test "adds"', ['till > adds']],
  ['is empty', ['till > is empty', 'cart > is empty']],
  ['packages/b/till.test.js: is empty', ['cart > is empty']],
  ['packages/b/till.test.js', ['cart > is empty']],
  ['till.test.js', ['till > adds up', 'till > adds', 'till > is empty', 'cart > is empty']],
  ['packages/a/till.test.js:12', ['till > adds up', 'till > adds', 'till > is empty']],
])('P9, R16, R17: %j names %j', (text, names) => {
  expect(namesIn(text)).toEqual(names);
});

test.each([
  ...[
    'test_tot',
    'total',
    'test_total',
    'TestUser::test_missing',
    'TestMissing.test_age',
    'other/till.test.js',
    'my-till.test.js',
  ],
  ...[
    'packages/a/till.test.js: divides',
    'packages/a/till.test.js > divides',
    'TestAdd/three',
    'Tests::carries::more',
    '',
  ],
  ...['it adds what is in the cart', 'by hand', 'a criterion that something carries far'],
])('%j names no test, since only whole parts of a name count', (text) => {
  expect(namesIn(text)).toEqual([]);
});

test('P5, R17: if a run names no tests, or not all, each claim of a test is accepted', () => {
  const claims = [{ criterion_id: 'C1', tested_by: 'adds' }];
  const counts = { total: 2, passed: 2, failed: 0, skipped: 0 };
  expect(criteriaWithoutTest(['C1'], claims, [])).toEqual([]);
  expect(criteriaWithoutTest(['C1', 'C2'], claims, null)).toEqual(['criterion C2 has no test']);
  expect(namedTests(TESTS.slice(0, 1), counts)).toBeNull();
  expect(namedTests([], counts)).toBeNull();
  expect(namedTests(TESTS.slice(0, 2), counts)).toHaveLength(2);
});

test('finding a test among 20,000 takes less than 5 seconds of processor time', () => {
  const many = Array.from({ length: 20_000 }, (_, n) => ({
    file: `t/${n % 50}.py`,
    name: `TestA${n % 100}::test_${n}[a b]`,
  }));
  const began = cpuMs();
  expect(testsNamedIn('TestA7::test_19907 and t/7.py '.repeat(20), many)).toHaveLength(1);
  expect(cpuMs() - began).toBeLessThan(5_000);
});

test('R17: a Go subtest can be named with spaces, as in its source', () => {
  const tests = [{ file: 'sum_test.go', name: 'TestSum/a_million_has_two_commas' }];
  expect(testsNamedIn('sum_test.go: TestSum/a million has two commas', tests)).toEqual(tests);
  expect(testsNamedIn('TestSum/a_million_has_two_commas', tests)).toEqual(tests);
  expect(testsNamedIn('TestSum/a million', tests)).toEqual([]);
});
