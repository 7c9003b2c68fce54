/**
 * Finds an expectation of a test at a node, and the edit that changes it: to another expected value, or to its inverse.
 *
 * An expectation is recognised by the name of its assertion. The edited test compiles if the original does.
 */
import type { Edit } from '../../domain/experiments/units';
import { calledName } from './regions';
import { expectedOfChain } from './chains';
import { otherValue } from './expected-value';
import type { Grammar } from './grammars';
import { IS_LOOSE, OF_TRUTH, inverseOf } from './inversions';
import { expectedOfComparison, expectedOfMacro, expectedOfStatement } from './assert-statements';
import { isScript } from './languages';
import type { Syntax } from './syntax';

export interface Reading {
  grammar: Grammar;
  text: string;
}

const CALLS: ReadonlySet<string> = new Set([
  'call_expression',
  'call',
  'method_invocation',
  'invocation_expression',
  'function_call_expression',
  'member_call_expression',
  'scoped_call_expression',
  'member_expression',
]);

/** Returns the edit that changes the expectation which begins at the node; undefined if none begins there. */
export function expectedAt(node: Syntax, reading: Reading): Edit | undefined {
  if (node.type === 'assert_statement') return expectedOfStatement(node, reading);
  if (node.type === 'if_statement' && reading.grammar === 'go') return expectedOfComparison(node, reading);
  if (node.type === 'keyed_element' && reading.grammar === 'go') return expectedOfTable(node, reading);
  if (node.type === 'macro_invocation') return expectedOfMacro(node);
  if (!CALLS.has(node.type)) return undefined;
  const chain = expectedOfChain(node, reading);
  if (chain !== undefined) return chain === 'none' ? undefined : chain;
  return node.type === 'member_expression' ? undefined : expectedOfCall(node, reading);
}

/** Changes an expected value in a table of test cases, such as `want: 3`. */
function expectedOfTable(node: Syntax, { grammar }: Reading): Edit | undefined {
  const key = node.field('key')?.text ?? '';
  const value = node.field('value');
  return value !== undefined && /^(?:want|expect|exp$|output|result)/i.test(key)
    ? otherValue(value, grammar)
    : undefined;
}

/** Objects whose methods are assertions. */
export const ASSERTING_OBJECTS =
  /^(?:assert|t|tt|td|qt|is|should|require|expect|Assert|Assertions|ClassicAssert|StringAssert|CollectionAssert|self|this|\$this|self::|static|sinon\.assert|test|chai\.assert|np\.testing|numpy\.testing|pd\.testing|torch\.testing|tap|unittest|c|check|a|assert\.not|assert\.is|assert\.strict|t\.assert|Test)$/;
/** Names of assertions that are called without an object. */
const PLAIN_ASSERTION = /^(?:assert|refute|expect|should|must|EXPECT_|ASSERT_|CHECK|REQUIRE|ensure)/;
/** Calls that count or prepare something and do not compare a value. */
const NO_EXPECTATION =
  /^(?:plan|assertions|hasAssertions|expect|end|fail|pass|skip|log|extend|anything|any|step|timeout|setup|assertThat|assertThrows|assertAll|teardown|comment|Run|Log|Logf|Error|Errorf|Fatal|Fatalf|Helper|Parallel|Cleanup|Setenv|TempDir|Name)$/;

export interface NamedCall {
  name: string;
  object: string;
  nameAt: { from: number; to: number };
  args: Syntax[];
}

function expectedOfCall(node: Syntax, reading: Reading): Edit | undefined {
  const call = namedCallOf(node);
  if (call === undefined) return undefined;
  const { name, object, args } = call;
  const raised = expectedError(call, reading);
  if (raised !== undefined) return raised;
  if (name === 'expect' && object !== '' && isScript(reading.grammar)) return lastValue(args, reading);
  const isKnown =
    object === '' ? PLAIN_ASSERTION.test(name) : ASSERTING_OBJECTS.test(object) || /^assert_|^assert[A-Z]/.test(name);
  // A test context and an assertion package of Go also have methods that assert nothing: these are no expectations.
  const isAssertion =
    object === '' || PLAIN_ASSERTION.test(name) || inverseOf(name, reading.text) !== undefined || OF_TRUTH.test(name);
  const isListed =
    isAssertion ||
    /^(?:Len|JSONEq|ErrorContains|EqualError|InDelta|That|like|lengthOf|has|Equal\w*|same\w*|called\w+)$/.test(name);
  if (!isKnown || !isListed || (NO_EXPECTATION.test(name) && !isAboutErrors(call))) return undefined;
  const values = valuesOf(call, reading);
  if (OF_TRUTH.test(name) && values[0] !== undefined) return negateValue(values[0], reading);
  const edits = values
    .slice(0, 2)
    .reverse()
    .map((value) => otherValue(value, reading.grammar));
  const edit = edits.find((one) => one !== undefined);
  const inverse = useInverseName(call, reading);
  return (IS_LOOSE.test(name) ? (inverse ?? edit) : (edit ?? inverse)) ?? wrapInList(call, reading);
}

function isAboutErrors({ name, object }: NamedCall): boolean {
  return name === 'Error' && /^(?:assert|require|is)$/.test(object);
}

export function namedCallOf(node: Syntax): NamedCall | undefined {
  const written = node.field('function');
  const last = written === undefined ? (node.field('method') ?? node.field('name')) : lastName(written);
  if (last === undefined) return undefined;
  const args = node.field('arguments')?.children ?? [];
  const full = calledName(node);
  const name = last.text;
  const object = full.endsWith(name) ? full.slice(0, full.length - name.length).replace(/(?:\.|->|::)$/, '') : '?';
  return {
    name,
    object,
    nameAt: last,
    args: args.map((one) => (one.type === 'argument' ? (one.children[0] ?? one) : one)),
  };
}

function lastName(written: Syntax): Syntax | undefined {
  if (/^(?:identifier|name)$/.test(written.type)) return written;
  return written.field('property') ?? written.field('attribute') ?? written.field('field') ?? written.field('name');
}

/** Returns the compared values: the arguments without a test handle or a message in front. */
export function valuesOf({ args, object, name }: NamedCall, { grammar }: Reading): Syntax[] {
  const bare = args.filter(({ type }) => type !== 'keyword_argument');
  const hasHandle = grammar === 'go' && /^(?:t|tb|b|f|c|s\.T\(\)|suite\.T\(\))$/.test(bare[0]?.text.slice(0, 20) ?? '');
  const values = hasHandle && object !== 't' ? bare.slice(1) : bare;
  // JUnit 4 takes the message as the first argument.
  const mayHaveMessage =
    grammar === 'java' && values.length === 3 && values[0]?.type === 'string_literal' && /Equals|Same/.test(name);
  return mayHaveMessage && values[2]?.type !== 'string_literal' ? values.slice(1) : values;
}

function lastValue(args: readonly Syntax[], { grammar }: Reading): Edit | undefined {
  const edits = args.map((one) => otherValue(one, grammar)).filter((edit) => edit !== undefined);
  return edits.at(-1);
}

function negateValue(value: Syntax, { grammar, text }: Reading): Edit {
  const kept = text.slice(value.from, value.to);
  return { from: value.from, to: value.to, text: grammar === 'python' ? `not (${kept})` : `!(${kept})` };
}

function useInverseName({ name, object, nameAt }: NamedCall, { grammar, text }: Reading): Edit | undefined {
  const inverse = inverseOf(name, text);
  if (inverse === undefined) return undefined;
  // If a file imports only the name, its inverse is not known there.
  if (grammar === 'java' && object === '')
    return { from: nameAt.from, to: nameAt.to, text: `${javaAssertionClass(text)}.${inverse}` };
  if (isScript(grammar) && object === '') return undefined;
  if (isScript(grammar) && /\.(?:not|is)$/.test(object)) return undefined;
  return { from: nameAt.from, to: nameAt.to, text: inverse };
}

function javaAssertionClass(text: string): string {
  if (text.includes('org.junit.jupiter')) return 'org.junit.jupiter.api.Assertions';
  return text.includes('org.testng') ? 'org.testng.Assert' : 'org.junit.Assert';
}

/** For Python assertions without an inverse: wraps the expected value in a list, which equals no value. */
function wrapInList({ object, args }: NamedCall, { text }: Reading): Edit | undefined {
  const expected = args[1];
  if (!/\btesting$/.test(object) || expected === undefined) return undefined;
  return { from: expected.from, to: expected.to, text: `[${text.slice(expected.from, expected.to)}, "_broken"]` };
}

/** Classes of errors that no code raises. */
const OTHER_ERRORS: ReadonlyMap<Grammar, string> = new Map<Grammar, string>([
  ['python', 'type("Broken", (Exception,), {})'],
  ['ruby', 'Class.new(StandardError)'],
  ['php', '\\JsonException::class'],
]);
/** Names of assertions that an error is raised. */
const RAISES =
  /^(?:raises|assertRaises|assertRaisesRegex|assert_raises|assert_raise|expectException|warns|assertWarns)$/;

/** Expects an error of another class. If that would not compile, replaces the called code by nothing. */
function expectedError({ name, args }: NamedCall, { grammar }: Reading): Edit | undefined {
  const other = OTHER_ERRORS.get(grammar);
  const first = args[0];
  if (other !== undefined && first !== undefined && RAISES.test(name)) {
    const warning = /[wW]arns/.test(name) ? other.replace('Exception', 'UserWarning') : other;
    return { from: first.from, to: first.to, text: warning };
  }
  if (!/^(?:assertThrows|assertThrowsExactly|Throws|ThrowsException|ThrowsAny)$/.test(name)) return undefined;
  const called = args.find(({ type }) => type === 'lambda_expression');
  if (called === undefined) return undefined;
  return { from: called.from, to: called.to, text: grammar === 'java' ? '() -> { }' : '() => { }' };
}
