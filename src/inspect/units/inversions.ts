/**
 * Lists names of assertions, each with the name of its inverse.
 *
 * If libraries use a name differently, the imports of the file decide. An assertion that is not listed has no inverse.
 */

const PAIRS: ReadonlyArray<readonly [string, string]> = [
  // node:assert, chai, tap, ava, uvu, QUnit
  ['equal', 'notEqual'],
  ['equals', 'notEquals'],
  ['strictEqual', 'notStrictEqual'],
  ['deepEqual', 'notDeepEqual'],
  ['deepStrictEqual', 'notDeepStrictEqual'],
  ['doesNotMatch', 'match'],
  ['throws', 'doesNotThrow'],
  ['rejects', 'doesNotReject'],
  ['isTrue', 'isFalse'],
  ['isOk', 'isNotOk'],
  ['isNull', 'isNotNull'],
  ['isUndefined', 'isDefined'],
  ['include', 'notInclude'],
  ['property', 'notProperty'],
  ['instanceOf', 'notInstanceOf'],
  ['exists', 'notExists'],
  ['isEmpty', 'isNotEmpty'],
  ['is', 'not'],
  ['truthy', 'falsy'],
  ['true', 'false'],
  ['ok', 'notOk'],
  ['regex', 'notRegex'],
  ['notThrows', 'throws'],
  ['notThrowsAsync', 'throwsAsync'],
  ['same', 'notSame'],
  ['strictSame', 'strictNotSame'],
  ['propEqual', 'notPropEqual'],
  ['notMatch', 'match'],
  ['called', 'notCalled'],
  // unittest, mock, PHPUnit
  ['assertEqual', 'assertNotEqual'],
  ['assertIs', 'assertIsNot'],
  ['assertIn', 'assertNotIn'],
  ['assertIsNone', 'assertIsNotNone'],
  ['assertGreater', 'assertLessEqual'],
  ['assertLess', 'assertGreaterEqual'],
  ['assertAlmostEqual', 'assertNotAlmostEqual'],
  ['assertRegex', 'assertNotRegex'],
  ['assertIsInstance', 'assertNotIsInstance'],
  ['assert_called', 'assert_not_called'],
  ['assertEquals', 'assertNotEquals'],
  ['assertSame', 'assertNotSame'],
  ['assertNull', 'assertNotNull'],
  ['assertContains', 'assertNotContains'],
  ['assertEmpty', 'assertNotEmpty'],
  ['assertInstanceOf', 'assertNotInstanceOf'],
  ['assertArrayHasKey', 'assertArrayNotHasKey'],
  ['assertStringContainsString', 'assertStringNotContainsString'],
  ['assertMatchesRegularExpression', 'assertDoesNotMatchRegularExpression'],
  // testify, xUnit.net, NUnit, MSTest, AssertJ
  ['Equal', 'NotEqual'],
  ['EqualValues', 'NotEqualValues'],
  ['Nil', 'NotNil'],
  ['NoError', 'Error'],
  ['Contains', 'NotContains'],
  ['Empty', 'NotEmpty'],
  ['Zero', 'NotZero'],
  ['ErrorIs', 'NotErrorIs'],
  ['Same', 'NotSame'],
  ['Regexp', 'NotRegexp'],
  ['Panics', 'NotPanics'],
  ['Greater', 'LessOrEqual'],
  ['Less', 'GreaterOrEqual'],
  ['ElementsMatch', 'NotElementsMatch'],
  ['Subset', 'NotSubset'],
  ['AreEqual', 'AreNotEqual'],
  ['Null', 'NotNull'],
  ['IsNull', 'IsNotNull'],
  ['isEqualTo', 'isNotEqualTo'],
  ['isSameAs', 'isNotSameAs'],
  ['contains', 'doesNotContain'],
  ['isPresent', 'isNotPresent'],
  ['Be', 'NotBe'],
  ['BeNull', 'NotBeNull'],
  ['BeTrue', 'BeFalse'],
  ['BeEmpty', 'NotBeEmpty'],
  ['Contain', 'NotContain'],
  ['BeEquivalentTo', 'NotBeEquivalentTo'],
  ['To', 'NotTo'],
  ['ToNot', 'To'],
  ['Should', 'ShouldNot'],
  // minitest, RSpec
  ['assert', 'refute'],
  ['assert_equal', 'refute_equal'],
  ['assert_nil', 'refute_nil'],
  ['assert_includes', 'refute_includes'],
  ['assert_match', 'refute_match'],
  ['assert_empty', 'refute_empty'],
  ['assert_same', 'refute_same'],
  ['assert_kind_of', 'refute_kind_of'],
  ['assert_instance_of', 'refute_instance_of'],
  ['assert_predicate', 'refute_predicate'],
  ['assert_respond_to', 'refute_respond_to'],
  ['to', 'not_to'],
  ['to_not', 'to'],
  // GoogleTest, Rust
  ['EXPECT_EQ', 'EXPECT_NE'],
  ['ASSERT_EQ', 'ASSERT_NE'],
  ['EXPECT_LT', 'EXPECT_GE'],
  ['ASSERT_LT', 'ASSERT_GE'],
  ['EXPECT_GT', 'EXPECT_LE'],
  ['ASSERT_GT', 'ASSERT_LE'],
  ['EXPECT_STREQ', 'EXPECT_STRNE'],
  ['ASSERT_STREQ', 'ASSERT_STRNE'],
  ['assert_eq', 'assert_ne'],
  ['debug_assert_eq', 'debug_assert_ne'],
];

const INVERSE = new Map<string, string>();
for (const [one, other] of PAIRS) {
  if (!INVERSE.has(one)) INVERSE.set(one, other);
  if (!INVERSE.has(other)) INVERSE.set(other, one);
}

/** Libraries with other names for an inverse, recognised by the imports of a file. '' means that there is no inverse. */
const NAMES_BY_LIBRARY: ReadonlyArray<readonly [RegExp, ReadonlyMap<string, string>]> = [
  [
    /['"]ava['"]/,
    new Map([
      ['throws', 'notThrows'],
      ['throwsAsync', 'notThrowsAsync'],
      ['notDeepEqual', 'deepEqual'],
    ]),
  ],
  [
    /['"]uvu(?:\/assert)?['"]/,
    new Map([
      ['is', 'is.not'],
      ['equal', 'not.equal'],
      ['match', 'not.match'],
      ['throws', 'not.throws'],
      ['type', 'not.type'],
      ['instance', 'not.instance'],
    ]),
  ],
  [
    /['"](?:tap|tape)['"]/,
    new Map([
      ['match', 'notMatch'],
      ['equal', 'not'],
      ['not', 'equal'],
    ]),
  ],
  [
    /\b(?:Xunit|NUnit|TestTools)\b/,
    new Map([
      ['Contains', 'DoesNotContain'],
      ['DoesNotContain', 'Contains'],
    ]),
  ],
  [/gotest\.tools/, new Map<string, string>([['Equal', '']])],
];

/** Returns the name of the inverse assertion in a file with this text; undefined if there is none. */
export function inverseOf(name: string, text: string): string | undefined {
  const head = text.slice(0, 4_000);
  for (const [pattern, names] of NAMES_BY_LIBRARY) {
    const found = names.get(name);
    if (found !== undefined && pattern.test(head)) return found === '' ? undefined : found;
  }
  return INVERSE.get(name);
}

/** Names of assertions that one value is true or false. The edit inverts the value, not the name. */
export const OF_TRUTH =
  /^(?:assert|ok|truthy|falsy|true|false|isTrue|isFalse|assertTrue|assertFalse|True|False|IsTrue|IsFalse|EXPECT_TRUE|EXPECT_FALSE|ASSERT_TRUE|ASSERT_FALSE|CHECK|REQUIRE|CHECK_FALSE|REQUIRE_FALSE|notOk|assert_|require|expectTrue|expectFalse)$/;

/** Names of assertions that can also hold for another literal. For them the inverse is the better edit. */
export const IS_LOOSE =
  /greater|less|above|below|least|most|within|close|near|approx|throw|reject|raise|match$|matches|snapshot|contain|include|members|In$|oneof|instance|satisf|exist|ok$|true|false|null|nil|none|defined|truthy|falsy|error|panics|subset|regex|^not|[nN]ot[A-Z_]|_NE$|_[LG][TE]$|^refute/i;
