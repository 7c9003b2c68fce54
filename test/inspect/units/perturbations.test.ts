/**
 * Checks perturbed expectations: in each new or changed test, one expected value changes in the syntax of its library.
 */
import { applyEdit } from '../../../src/domain/experiments/units';
import { perturb } from './asked';

/** The line of a test after its first perturbation. */
async function perturbedLine(path: string, line: string, around: (line: string) => string): Promise<string> {
  const text = around(line);
  const { perturbations } = await perturb(path, text);
  const [first] = perturbations;
  if (first === undefined) return 'none';
  const [head = '', tail = ''] = around('\u0001').split('\u0001');
  return applyEdit(text, first.edit).slice(head.length).slice(0, -tail.length).trim();
}

describe('JavaScript and TypeScript', () => {
  const inTest = (line: string): string => `test('a', async (t) => {\n  ${line}\n});\n`;
  test.each([
    // node:assert
    ['assert.equal(f(1), 3);', 'assert.equal(f(1), 4);'],
    ['assert.equal(3, f(1));', 'assert.equal(4, f(1));'],
    ['assert.equal(f(1), b);', 'assert.notEqual(f(1), b);'],
    ['assert.strictEqual(f(1), "x", "says");', 'assert.strictEqual(f(1), "x_broken", "says");'],
    ['assert.deepEqual(f(1), { a: [1, 2] });', 'assert.deepEqual(f(1), { a: [2, 2] });'],
    ['assert.deepStrictEqual(f(1), []);', 'assert.deepStrictEqual(f(1), ["_broken"]);'],
    ['assert.notEqual(f(1), 3);', 'assert.equal(f(1), 3);'],
    ['assert.match(f(1), /x/);', 'assert.doesNotMatch(f(1), /x/);'],
    ['assert.throws(() => f(1), /x/);', 'assert.doesNotThrow(() => f(1), /x/);'],
    ['await assert.rejects(f(1));', 'await assert.doesNotReject(f(1));'],
    ['assert(x === 3);', 'assert(!(x === 3));'],
    ['assert.ok(x, "says");', 'assert.ok(!(x), "says");'],
    ['assert.equal(f(1), undefined);', 'assert.equal(f(1), 1);'],
    // jest, vitest, bun, playwright
    ['expect(f(1)).toBe(3);', 'expect(f(1)).toBe(4);'],
    ['expect(f(1)).toBe(-3);', 'expect(f(1)).toBe(-4);'],
    ['expect(f(1)).toEqual({ a: 1 });', 'expect(f(1)).toEqual({ a: 2 });'],
    ['expect(f(1)).toEqual(b);', 'expect(f(1)).not.toEqual(b);'],
    ['expect(f(1)).not.toBe(3);', 'expect(f(1)).toBe(3);'],
    ['expect(f(1)).toBeTruthy();', 'expect(f(1)).not.toBeTruthy();'],
    ['expect(f(1)).toBeGreaterThan(3);', 'expect(f(1)).not.toBeGreaterThan(3);'],
    ['expect(() => f(1)).toThrow("x");', 'expect(() => f(1)).not.toThrow("x");'],
    ['await expect(f(1)).resolves.toBe(3);', 'await expect(f(1)).resolves.toBe(4);'],
    ['await expect(f(1)).rejects.toThrow();', 'await expect(f(1)).rejects.not.toThrow();'],
    [
      'expect(f(1)).toEqual(expect.objectContaining({ a: 1 }));',
      'expect(f(1)).not.toEqual(expect.objectContaining({ a: 1 }));',
    ],
    ['expect(spy).toHaveBeenCalledTimes(2);', 'expect(spy).toHaveBeenCalledTimes(3);'],
    ['expect(f(1)).toMatchInlineSnapshot(`"x"`);', 'expect(f(1)).toMatchInlineSnapshot(`"x"_broken`);'],
    ['expect(f(1)).toMatchSnapshot();', 'expect([f(1), "_broken"]).toMatchSnapshot();'],
    ['await expect(page).toHaveTitle("x");', 'await expect(page).toHaveTitle("x_broken");'],
    ['expect(o).toHaveProperty("a", 3);', 'expect(o).toHaveProperty("a", 4);'],
    // chai
    ['expect(f(1)).to.equal(3);', 'expect(f(1)).to.equal(4);'],
    ['expect(f(1)).to.be.true;', 'expect(f(1)).not.to.be.true;'],
    ['expect(f(1)).to.not.equal(b);', 'expect(f(1)).to.equal(b);'],
    ['f(1).should.equal(3);', 'f(1).should.equal(4);'],
    ['f(1).should.be.ok;', 'f(1).should.not.be.ok;'],
    ['assert.isTrue(f(1));', 'assert.isTrue(!(f(1)));'],
    ['assert.lengthOf(f(1), 3);', 'assert.lengthOf(f(1), 4);'],
    // tap, ava, uvu, supertest
    ['t.is(f(1), 3);', 't.is(f(1), 4);'],
    ['t.deepEqual(f(1), b);', 't.notDeepEqual(f(1), b);'],
    ['t.true(f(1));', 't.true(!(f(1)));'],
    ['assert.is(f(1), 3);', 'assert.is(f(1), 4);'],
    ['await request(app).get("/").expect(200);', 'await request(app).get("/").expect(201);'],
    // None of these expects a value.
    ['expect.assertions(3);', 'none'],
    ['t.plan(3);', 'none'],
    ['const a = f(1);', 'none'],
    ['vi.mock("./a");', 'none'],
  ])('%s', async (line, expected) => {
    expect(await perturbedLine('test/a.test.ts', line, inTest)).toBe(expected);
    expect(await perturbedLine('test/a.test.mjs', line, inTest)).toBe(expected);
  });

  test.each([
    ["import test from 'ava';\n", 't.throws(() => f(1));', 't.notThrows(() => f(1));'],
    ["import { test } from 'uvu';\n", 'assert.is(a, b);', 'assert.is.not(a, b);'],
  ])('%s%s', async (head, line, expected) => {
    expect(await perturbedLine('test/a.test.js', line, (one) => head + inTest(one))).toBe(expected);
  });
});

describe('Python', () => {
  const inTest = (line: string): string => `def test_a(self):\n    ${line}\n\n`;
  test.each([
    ['assert f(1) == 3', 'assert f(1) == 4'],
    ['assert f(1) == 3, "says"', 'assert f(1) == 4, "says"'],
    ['assert f(1) == {"a": [1]}', 'assert f(1) == {"a": [2]}'],
    ['assert f(1) == []', 'assert f(1) == ["_broken"]'],
    ['assert f(1) == b', 'assert f(1) != b'],
    ['assert f(1) is None', 'assert f(1) is not None'],
    ['assert f(1) not in b', 'assert f(1) in b'],
    ['assert f(1) < 3', 'assert f(1) >= 3'],
    ['assert f(1)', 'assert not (f(1))'],
    ['assert not f(1)', 'assert not (not f(1))'],
    ['assert f(1) == pytest.approx(3)', 'assert f(1) != pytest.approx(3)'],
    ['self.assertEqual(f(1), 3)', 'self.assertEqual(f(1), 4)'],
    ['self.assertEqual(f(1), b)', 'self.assertNotEqual(f(1), b)'],
    ['self.assertTrue(f(1))', 'self.assertTrue(not (f(1)))'],
    ['self.assertIn(3, f(1))', 'self.assertNotIn(3, f(1))'],
    ['with pytest.raises(ValueError): f(1)', 'with pytest.raises(type("Broken", (Exception,), {})): f(1)'],
    ['m.assert_called_once_with(3)', 'm.assert_called_once_with(4)'],
    ['np.testing.assert_allclose(f(1), b)', 'np.testing.assert_allclose(f(1), [b, "_broken"])'],
    ['f(1)', 'none'],
  ])('%s', async (line, expected) => {
    expect(await perturbedLine('tests/test_a.py', line, inTest)).toBe(expected);
  });
});

describe('other languages', () => {
  const inGo = (line: string): string => `package p\n\nfunc TestA(t *testing.T) {\n\t${line}\n}\n`;
  const inRust = (line: string): string =>
    `#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() {\n        ${line}\n    }\n}\n`;
  const inJava = (line: string): string =>
    `import org.junit.jupiter.api.Test;\nclass ATest {\n  @Test\n  void adds() {\n    ${line}\n  }\n}\n`;
  const inSharp = (line: string): string => `class ATest {\n  [Fact]\n  public void Adds() {\n    ${line}\n  }\n}\n`;
  const inRuby = (line: string): string => `it "adds" do\n  ${line}\nend\n`;
  const inPhp = (line: string): string =>
    `<?php\nclass ATest extends T {\n  public function testA() {\n    ${line}\n  }\n}\n`;
  const inCpp = (line: string): string => `TEST(Suite, adds) {\n  ${line}\n}\n`;
  test.each([
    ['a_test.go', inGo, 'if got != want { t.Errorf("x") }', 'if got == want { t.Errorf("x") }'],
    ['a_test.go', inGo, 'if got := f(1); got != 3 { t.Fatal("x") }', 'if got := f(1); got != 4 { t.Fatal("x") }'],
    ['a_test.go', inGo, 'if !f(1) { t.Error("x") }', 'if f(1) { t.Error("x") }'],
    ['a_test.go', inGo, 'if f(1) { t.Error("x") }', 'if !(f(1)) { t.Error("x") }'],
    ['a_test.go', inGo, 'assert.Equal(t, 3, f(1))', 'assert.Equal(t, 4, f(1))'],
    ['a_test.go', inGo, 'require.NoError(t, err)', 'require.Error(t, err)'],
    ['a_test.go', inGo, 'assert.True(t, ok)', 'assert.True(t, !(ok))'],
    ['a_test.go', inGo, 'cases := []c{{name: "a", want: 3}}', 'cases := []c{{name: "a", want: 4}}'],
    ['a_test.go', inGo, 't.Log("x", 3)', 'none'],
    ['src/lib.rs', inRust, 'assert_eq!(f(1), 3);', 'assert_eq!(f(1), 4);'],
    ['src/lib.rs', inRust, 'assert_eq!(f(1), b, "says");', 'assert_ne!(f(1), b, "says");'],
    ['src/lib.rs', inRust, 'assert!(f(1) > 2, "says");', 'assert!(!(f(1) > 2), "says");'],
    ['ATest.java', inJava, 'assertEquals(3, f(1));', 'assertEquals(4, f(1));'],
    ['ATest.java', inJava, 'assertEquals(a, f(1));', 'org.junit.jupiter.api.Assertions.assertNotEquals(a, f(1));'],
    ['ATest.java', inJava, 'assertTrue(f(1));', 'assertTrue(!(f(1)));'],
    ['ATest.java', inJava, 'assertThat(f(1)).isEqualTo(3);', 'assertThat(f(1)).isEqualTo(4);'],
    ['ATest.java', inJava, 'assertThat(f(1)).isEqualTo(b);', 'assertThat(f(1)).isNotEqualTo(b);'],
    ['ATest.java', inJava, 'assertThrows(X.class, () -> f(1));', 'assertThrows(X.class, () -> { });'],
    ['ATest.cs', inSharp, 'Assert.Equal(3, F(1));', 'Assert.Equal(4, F(1));'],
    ['ATest.cs', inSharp, 'Assert.True(F(1));', 'Assert.True(!(F(1)));'],
    ['ATest.cs', inSharp, 'F(1).Should().Be(3);', 'F(1).Should().Be(4);'],
    ['ATest.cs', inSharp, 'F(1).Should().Be(b);', 'F(1).Should().NotBe(b);'],
    ['a_spec.rb', inRuby, 'expect(f(1)).to eq(3)', 'expect(f(1)).to eq(4)'],
    ['a_spec.rb', inRuby, 'expect(f(1)).to be_empty', 'expect(f(1)).not_to be_empty'],
    ['a_spec.rb', inRuby, 'expect(f(1)).not_to eq(3)', 'expect(f(1)).to eq(3)'],
    ['a_spec.rb', inRuby, 'expect { f(1) }.to raise_error', 'expect { f(1) }.not_to raise_error'],
    ['a_spec.rb', inRuby, 'assert_equal 3, f(1)', 'assert_equal 4, f(1)'],
    ['a_spec.rb', inRuby, 'assert f(1)', 'assert !(f(1))'],
    ['ATest.php', inPhp, '$this->assertSame(3, f(1));', '$this->assertSame(4, f(1));'],
    ['ATest.php', inPhp, 'self::assertEquals($a, f(1));', 'self::assertNotEquals($a, f(1));'],
    ['ATest.php', inPhp, '$this->assertTrue(f(1));', '$this->assertTrue(!(f(1)));'],
    ['a_test.cpp', inCpp, 'EXPECT_EQ(3, f(1));', 'EXPECT_EQ(4, f(1));'],
    ['a_test.cpp', inCpp, 'EXPECT_EQ(a, f(1));', 'EXPECT_NE(a, f(1));'],
    ['a_test.cpp', inCpp, 'assert(f(1) == 3);', 'assert(!(f(1) == 3));'],
  ])('%s: %#', async (path, around, line, expected) => {
    expect(await perturbedLine(path, line, around)).toBe(expected);
  });

  test('a Rust test that expects a panic no longer expects it', async () => {
    const text = '#[test]\n#[should_panic(expected = "x")]\nfn fails() {\n    f(1);\n}\n';
    const { perturbations } = await perturb('tests/a.rs', text);
    expect(perturbations).toMatchObject([{ test: 'fails', line: 2, edit: { text: '' } }]);
  });
});

describe('the choice of tests and expectations', () => {
  const TEXT = `describe('price', () => {
  test('one', () => {
    expect(price(1)).toBe(1);
  });
  test('two', () => {
    const all = price(2);
    expect(all).toBe(2);
    expect(all).toBe(3);
    expect(all).toBe(4);
    expect(all).toBe(5);
  });
  it.skip('three', () => {
    expect(price(3)).toBe(3);
  });
  it('four', () => {
    price(4);
  });
});
`;
  const chosen = async (changed?: number[]) =>
    (await perturb('test/a.test.js', TEXT, changed)).perturbations.map(({ test, line }) => `${test} ${line}`);

  test('each changed test gives its first, middle and last expectation', async () => {
    expect(await chosen()).toEqual(['one 3', 'two 7', 'two 8', 'two 10']);
  });

  test('only changed expectations are chosen, and all of the test if none of them changed', async () => {
    expect(await chosen([9])).toEqual(['two 9']);
    expect(await chosen([6])).toEqual(['two 7', 'two 8', 'two 10']);
  });

  test('a test without an expectation is listed, and a note names a skipped test', async () => {
    const { without, notes } = await perturb('test/a.test.js', TEXT);
    expect(without).toEqual([{ test: 'four', line: 15 }]);
    expect(notes).toEqual(['test/a.test.js:12: "three" is skipped, so nothing is asked of it']);
  });

  test('tests with a table of cases and subtests are found', async () => {
    const text = `test.each([[1, 2]])('adds %i', (a, b) => { expect(a + 1).toBe(b); });
test('outer', async (t) => {
  await t.test('inner', () => { assert.equal(1, one()); });
});
`;
    const { perturbations, without } = await perturb('test/a.test.js', text);
    expect(perturbations.map(({ test }) => test)).toEqual(['adds %i', 'inner']);
    expect(without).toEqual([]);
  });

  test.each([
    [
      'bench_test.go',
      'func BenchmarkAll(b *testing.B) {\n  if all() != 3 {\n    b.Fatal("x")\n  }\n}\n',
      'BenchmarkAll',
    ],
    ['benches/all.rs', '#[bench]\nfn bench_all(b: &mut Bencher) {\n  assert_eq!(all(), 3);\n}\n', 'bench_all'],
  ])('an expectation in a benchmark belongs to that benchmark: %s', async (path, text, name) => {
    const { perturbations } = await perturb(path, text);
    expect(perturbations.map(({ test }) => test)).toEqual([name]);
  });

  test.each([
    ['calls the program with seeds needs none', 'f.Add(3)\n  f.Fuzz(func(t *testing.T, n int) { half(n) })', []],
    ['never runs needs one', 'f.Fuzz(func(t *testing.T, n int) { half(n) })', ['FuzzHalf']],
    ['calls nothing needs one', 'f.Add(3)\n  f.Fuzz(func(t *testing.T, n int) { t.Log(n) })', ['FuzzHalf']],
  ])('expectations of a fuzz target: one that %s', async (_what, body, expected) => {
    const { without } = await perturb('a_test.go', `func FuzzHalf(f *testing.F) {\n  ${body}\n}\n`);
    expect(without.map(({ test }) => test)).toEqual(expected);
  });

  test('an assertion outside of all tests belongs to no test', async () => {
    const { perturbations } = await perturb('test.js', "const assert = require('assert');\nassert.equal(f(1), 3);\n");
    expect(perturbations).toMatchObject([
      { test: '', line: 2, says: 'assert.equal(f(1), 3); becomes assert.equal(f(1), 4);' },
    ]);
  });
});
