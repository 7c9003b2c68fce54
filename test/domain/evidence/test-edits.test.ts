/** P1: recognizes edits of test files that only add tests, and files that only moved. */
import { hasSameTests, onlyAddsTests } from '../../../src/domain/evidence/test-edits';

const JS = `import test from 'node:test';
import { add } from '../src/sum.js';

test('adds', () => {
  assert.equal(add(1, 2), 3);
});
`;
const PY = `import pytest
from pkg import add


class TestAdd:
    def test_two(self):
        assert add(1, 2) == 3
`;
const GO = `package sum

import "testing"

func TestAdd(t *testing.T) {
	cases := []struct{ a, b, want int }{
		{1, 2, 3},
	}
	for _, c := range cases {
		if Add(c.a, c.b) != c.want {
			t.Fatal(c)
		}
	}
}
`;
const RS = `#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(add(1, 2), 3);
    }
}
`;
const JAVA = `import org.junit.jupiter.api.Test;

class SumTest {
    @Test
    void adds() {
        assertEquals(3, Sum.add(1, 2));
    }
}
`;

describe('P1: an edit that only adds', () => {
  test.each([
    [
      'a name imported beside another',
      'a.test.js',
      JS,
      `${JS.replace('{ add }', '{ add, sub as less }')}test('takes', () => {\n  assert.equal(less(3, 1), 2);\n});\n`,
    ],
    [
      'names imported over several lines',
      'test_a.py',
      PY,
      `${PY.replace('import add', 'import (\n    add,\n    sub,\n)')}\n    def test_less(self):\n        assert sub(3, 1) == 2\n`,
    ],
    ['a test at the end', 'a.test.js', JS, `${JS}\ntest('adds none', () => {\n  assert.equal(add(), 0);\n});\n`],
    [
      'a test at the start',
      'a.test.js',
      JS,
      JS.replace("test('adds'", "test('is there', () => {\n  assert.ok(add);\n});\n\ntest('adds'"),
    ],
    [
      'a group of tests',
      'a.test.ts',
      JS,
      `${JS}describe('more', () => {\n  it('works', async () => {\n    expect(1).toBe(1);\n  });\n});\n`,
    ],
    [
      'a changed import and a test that uses it',
      'a.test.js',
      JS,
      `${JS.replace('{ add }', '{ add, sub }')}test('subs', () => {\n  assert.equal(sub(2, 1), 1);\n});\n`,
    ],
    [
      'a table test',
      'a.test.js',
      JS,
      `${JS}test.each([\n  [1, 2],\n])('adds %i', (a, b) => {\n  expect(a).toBe(b);\n});\n`,
    ],
    ['a method of a class', 'test_a.py', PY, `${PY}\n    def test_three(self):\n        assert add(1, 1) == 2\n`],
    [
      'a parametrised function',
      'test_a.py',
      PY,
      `${PY}\n\n@pytest.mark.parametrize(\n    "a, b",\n    [(1, 2), (2, 3)],\n)\nasync def test_more(a, b):\n    assert add(a, 1) == b\n`,
    ],
    ['a row of a table', 'sum_test.go', GO, GO.replace('{1, 2, 3},', '{1, 2, 3},\n\t\t{-1, 2, 1},')],
    [
      'a function',
      'sum_test.go',
      GO,
      `${GO}\nfunc TestZero(t *testing.T) {\n\tif Add(0, 0) != 0 {\n\t\tt.Fatal("x")\n\t}\n}\n`,
    ],
    [
      'a marked function',
      'lib.rs',
      RS,
      RS.replace('    }\n}\n', '    }\n\n    #[test]\n    fn zero() {\n        assert_eq!(add(0, 0), 0);\n    }\n}\n'),
    ],
    [
      'an annotated method',
      'SumTest.java',
      JAVA,
      JAVA.replace(/\}\n$/, '\n    @Test\n    void zero() {\n        assertEquals(0, Sum.add(0, 0));\n    }\n}\n'),
    ],
  ])('%s', (_what, path, before, after) => {
    expect(onlyAddsTests(before, after, path)).toBe(true);
  });
});

describe('P1: an edit that does more than add test cases:', () => {
  test.each([
    ['an expectation changed', 'a.test.js', JS, JS.replace('3)', '4)')],
    ['a test taken away', 'a.test.js', JS, JS.replace(/test\('adds'[\s\S]*/, '')],
    ['a hook', 'a.test.js', JS, `${JS}afterEach(() => {\n  failures.length = 0;\n});\n`],
    [
      'a hook within a new group',
      'a.test.js',
      JS,
      `${JS}describe('x', () => {\n  beforeEach(() => {\n    reset();\n  });\n});\n`,
    ],
    ['a mock', 'a.test.js', JS, `jest.mock('../src/sum.js');\n${JS}`],
    ['a statement at the top', 'a.test.js', JS, `${JS}assert.equal = () => true;\n`],
    ['a helper', 'a.test.js', JS, `${JS}function same(a, b) {\n  return true;\n}\n`],
    ['a return before the assertion', 'a.test.js', JS, JS.replace('  assert', '  return;\n  assert')],
    ['a skipped group', 'a.test.js', JS, `${JS}test.only('mine', () => {\n  assert.ok(1);\n});\n`],
    ['a test that ends the process', 'a.test.js', JS, `${JS}test('ends', () => {\n  process.exit(0);\n});\n`],
    ['a fixture', 'test_a.py', PY, `${PY}\n\n@pytest.fixture(autouse=True)\ndef quiet():\n    yield\n`],
    ['a line in an old test', 'test_a.py', PY, PY.replace('        assert', '        return\n        assert')],
    ['a class member', 'test_a.py', PY, `${PY}    add = lambda *a: 3\n`],
    ['a row that calls', 'sum_test.go', GO, GO.replace('{1, 2, 3},', '{1, 2, 3},\n\t\t{patch(), 2, 1},')],
    ['TestMain', 'sum_test.go', GO, `${GO}\nfunc TestMain(m *testing.M) {\n\tos.Exit(0)\n}\n`],
    [
      'a function that is no test',
      'lib.rs',
      RS,
      RS.replace('    }\n}\n', '    }\n\n    fn add(a: i32, b: i32) -> i32 {\n        3\n    }\n}\n'),
    ],
    ['an assertion from another module', 'a.test.js', JS, JS.replace("'node:test'", "'./soft.js'")],
    [
      'code behind an import',
      'a.test.js',
      JS,
      JS.replace("import test from 'node:test';", "import 'node:test'; const test = () => undefined;"),
    ],
    ['an import that shadows what old tests use', 'SumTest.java', JAVA, `import soft.Sum;\n${JAVA}`],
    ['an import of everything', 'test_a.py', PY, `from soft import *\n${PY}`],
    ['another package', 'SumTest.java', JAVA, `package soft;\n${JAVA}`],
    ['a line in an unknown language', 'a.spec.lua', 'x', 'x\ny'],
    ['no change at all', 'a.test.js', JS, JS],
  ])('%s', (_what, path, before, after) => {
    expect(onlyAddsTests(before, after, path)).toBe(false);
  });
});

describe('P1: a test file that moved', () => {
  const isPureMove = (text: string, before = { path: 'a.test.js', text: JS }, path = 'unit/a.test.js') =>
    hasSameTests(
      before,
      { path, text },
      (one, other) => one.from.replaceAll('../', '') === other.from.replaceAll('../', ''),
    );
  const java = { path: 'src/test/java/x/SumTest.java', text: JAVA };
  const renamed = JAVA.replaceAll('SumTest', 'AddingTest');

  test('is the same if only its imports differ and they lead to the same files', () => {
    expect(isPureMove(JS.replace('../src/sum.js', '../../src/sum.js'))).toBe(true);
    expect(isPureMove(JS.replace('../src/sum.js', '../../src/stub.js'))).toBe(false);
    expect(isPureMove(JS.replace('node:test', './soft.js'))).toBe(false);
    expect(isPureMove(JS.replace('3)', '4)'))).toBe(false);
  });

  test('is the same if the class named like it was renamed with it', () => {
    expect(isPureMove(`package y;\n${renamed}`, java, 'src/test/java/y/AddingTest.java')).toBe(true);
  });

  test.each([
    ['its class has another name than the file', renamed, 'src/test/java/y/OtherTest.java'],
    ['another name was replaced', JAVA.replaceAll('Sum', 'Su'), 'src/test/java/y/Sum.java'],
    ['the new file has another language', renamed, 'src/test/AddingTest.txt'],
    [
      'its class becomes a placeholder name',
      JAVA.replaceAll('SumTest', 'OfThisFile'),
      'src/test/java/y/AddingTest.java',
    ],
    ['a comment opens behind its package', `package y; class A {} /*\n${renamed}`, 'src/test/java/y/AddingTest.java'],
  ])('is not the same if %s', (_what, text, path) => {
    expect(isPureMove(text, java, path)).toBe(false);
  });

  test('is not the same if a string literal changes, or a name in a language without file-named classes', () => {
    const quoting = { path: 'x/SumTest.java', text: JAVA.replace('3,', '"SumTest",') };
    expect(isPureMove(quoting.text.replaceAll('SumTest', 'AddingTest'), quoting, 'x/AddingTest.java')).toBe(false);
    const js = { path: 'add.test.js', text: JS };
    expect(isPureMove(JS.replaceAll('add', 'sum'), js, 'sum.test.js')).toBe(false);
  });
});

test('a snapshot edit is accepted only if it adds entries', () => {
  const head = '// Jest Snapshot v1\n\n';
  const [a, b] = ['exports[`a 1`] = `1`;\n', 'exports[`b 1`] = `2`;\n'];
  const adds = (after: string) => onlyAddsTests(`${head}${b}`, after, 'src/__snapshots__/x.test.js.snap');
  expect(adds(`${head}${a}\n${b}`)).toBe(true);
  expect(adds(`${head}${a}`)).toBe(false);
  expect(adds(`${head}${b.replace('2', '3')}`)).toBe(false);
  expect(adds(`${head}${b}\n${b.replace('2', '3')}`)).toBe(false);
});
