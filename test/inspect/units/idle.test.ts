/**
 * Checks which statements of a new test assert nothing, and that similar real assertions are not reported.
 */
import { perturb } from './asked';

const CONTEXTS = {
  script: [
    'test/a.test.ts',
    (line: string) => `import assert from 'node:assert';\ntest('a', async (t) => {\n  ${line}\n});\n`,
  ],
  chai: ['test/a.test.js', (line: string) => `const { expect } = require('chai');\nit('a', () => {\n  ${line}\n});\n`],
  own: ['test/a.test.js', (line: string) => `import { expect } from './expect.js';\nit('a', () => {\n  ${line}\n});\n`],
  python: ['tests/test_a.py', (line: string) => `def test_a(self):\n    ${line}\n`],
  ruby: ['spec/a_spec.rb', (line: string) => `it "a" do\n  ${line}\nend\n`],
  php: [
    'tests/ATest.php',
    (line: string) => `<?php\nclass ATest extends T {\n  public function testA() {\n    ${line}\n  }\n}\n`,
  ],
  java: [
    'src/test/java/ATest.java',
    (line: string) => `class ATest {\n  @Test\n  void adds() {\n    ${line}\n  }\n}\n`,
  ],
  sharp: ['ATest.cs', (line: string) => `class ATest {\n  [Fact]\n  public void Adds() {\n    ${line}\n  }\n}\n`],
  go: ['a_test.go', (line: string) => `package p\n\nfunc TestA(t *testing.T) {\n\t${line}\n}\n`],
} as const;

const idleAssertions = async (language: keyof typeof CONTEXTS, line: string): Promise<string[]> => {
  const [path, inTest] = CONTEXTS[language];
  return (await perturb(path, inTest(line))).idle.map(({ says }) => says);
};

test.each<[keyof typeof CONTEXTS, string, RegExp]>([
  ['python', 'self.assertTrue(told["saved"], 1000)', /gives 1000 to assertTrue as its message/],
  ['python', 'self.assertTrue(told["saved"], "10.00")', /as its message/],
  ['python', 'self.assertTrue(saved, expected)', /gives expected/],
  ['python', 'self.assertIsNotNone(saved, -5)', /gives -5/],
  ['python', 'assert told["saved"], 1000', /gives 1000 to assert/],
  ['python', 'assert saved, [1, 2]', /as its message/],
  ['python', 'assert (saved == 1000, "what was saved")', /true whatever is in it/],
  ['python', 'assert lambda: saved == 1000', /is not called/],
  ['python', 'assert mailer.called_once_with("ada")', /no check of it/],
  ['python', 'mailer.called_once_with("ada")', /does nothing with the answer/],
  ['python', 'mailer.send.assert_called_once', /does not call it/],
  ['python', 'saved == 1000', /compares in/],
  ['script', 'assert.ok(saved, 1000);', /gives 1000 to ok/],
  ['script', 'assert(saved, expected);', /gives expected/],
  ['script', 'assert.ok(saved(1), [1, 2]);', /as its message/],
  ['script', 't.true(saved, 1000);', /as its message/],
  ['script', 'assert.ok(() => saved === 1000);', /is not called/],
  ['script', 'assert.ok(saved = 1000);', /nothing is compared/],
  ['script', 'expect(saved === 1000);', /without a matcher/],
  ['script', 'await expect(page.title());', /without a matcher/],
  ['script', 'expect(() => pay(1)).not.toThrow;', /names toThrow and does not call it/],
  ['script', 'expect(saved).toBe;', /does not call it/],
  ['script', 'expect(saved).toMatchInlineSnapshot();', /not there/],
  ['script', 'saved === 1000;', /does nothing with the answer/],
  ['script', "mailer.send.calledWith('ada');", /does nothing with the answer/],
  ['chai', 'expect(saved).to.equal;', /does not call it/],
  ['ruby', 'expect(saved == 1000)', /without a matcher/],
  ['ruby', 'assert saved, 1000', /as its message/],
  ['php', '$this->assertTrue($saved, 1000);', /as its message/],
  ['php', '$this->assertNotNull($saved, $expected);', /gives \$expected/],
  ['java', 'assertThat(saved.equals(1000));', /without a matcher/],
  ['sharp', 'saved.Should();', /without an assertion/],
  ['go', 'assert.NotNil(t, saved, 1000)', /gives 1000/],
  ['go', 'Expect(saved)', /without a matcher/],
])('%s: "%s" asserts nothing', async (language, line, says) => {
  expect((await idleAssertions(language, line)).join('\n')).toMatch(says);
});

test.each<[keyof typeof CONTEXTS, string]>([
  ['python', 'self.assertTrue(told["saved"], "the receipt of 100.00 says it")'],
  ['python', 'self.assertEqual(told["saved"], 1000, expected)'],
  ['python', 'self.assertTrue(saved == expected, expected)'],
  ['python', 'assert same(saved, expected), expected'],
  ['python', 'assert saved == 1000, saved'],
  ['python', 'self.assertTrue(same(a, b), (a, b))'],
  ['python', 'first == second'],
  ['python', 'assert saved, f"got {saved}"'],
  ['python', 'assert saved, expected_message'],
  ['python', 'assert (saved == 1000), "says"'],
  ['python', 'assert (1, 2) == pair'],
  ['python', 'assert pairs == [(1, 2)], pairs'],
  ['python', 'with pytest.raises(TypeError):\n        money < 3\n        money == 3'],
  ['python', 'mailer.send.assert_called_once()'],
  ['python', 'self.assertIn(3, [3])'],
  ['python', 'client.get("/").status_code'],
  ['script', "assert.ok(saved, 'the receipt says it');"],
  ['script', 'assert.ok(saved === 1000, 1000);'],
  ['script', 'assert.ok(true);'],
  ['script', 'assert(saved, `got ${saved}`);'],
  ['script', 'assert.throws(() => { money === 3; });'],
  ['script', 'expect(saved).toBe(1000);'],
  ['script', "expect(screen.getByText('Saved: 10.00'));"],
  ['script', 'expect.assertions(2);'],
  ['script', 'expect(saved).toMatchInlineSnapshot(`1000`);'],
  ['script', 'return expect(saved).resolves.toBe(3);'],
  ['script', 'const isSame = saved === 1000;'],
  ['script', 'saved = 1000;'],
  ['script', 'expect(spy.calledWith(3)).toBe(true);'],
  ['chai', 'expect(saved).to.be.true;'],
  ['chai', 'expect(saved).to.exist;'],
  ['own', 'expect(saved);'],
  ['ruby', 'expect(saved).to eq(1000)'],
  ['ruby', 'assert saved, "says"'],
  ['ruby', 'expect { pay }.to raise_error'],
  ['php', '$this->assertTrue($saved, "says");'],
  ['java', 'assertThat(saved).isEqualTo(1000);'],
  ['java', 'assertThat(saved, is(1000));'],
  ['java', 'assertTrue(saved, "1000 is saved");'],
  ['sharp', 'saved.Should().Be(1000);'],
  ['go', 'assert.True(t, saved, "says %d", 1000)'],
  ['go', 'Expect(saved).To(Equal(1000))'],
])('%s: "%s" is a real assertion', async (language, line) => {
  expect(await idleAssertions(language, line)).toEqual([]);
});

test('unchanged lines are not reported', async () => {
  const [path, inTest] = CONTEXTS.python;
  expect((await perturb(path, inTest('assert saved, 1000\n    assert saved == 3'), [3])).idle).toEqual([]);
});
