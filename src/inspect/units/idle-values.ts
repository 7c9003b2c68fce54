/**
 * Finds assertions that compare nothing: the test passes the expected value as the message, or the asserted value is always
 * true.
 *
 * Each returned text completes a sentence about the assertion. A string with letters counts as a message. An assertion whose value is
 * a condition does compare, and is not found.
 */
import { ASSERTING_OBJECTS, namedCallOf, valuesOf } from './expectations';
import type { NamedCall, Reading } from './expectations';
import { isScript } from './languages';
import { NUMBERS, STRINGS } from './literals';
import { shortOf } from './syntax';
import type { Syntax } from './syntax';

/** Names of assertions that take one value, and then a message. */
const ONE_VALUE_ASSERTION =
  /^(?:assert|refute|ok|notOk|truthy|falsy|isTrue|isFalse|isOk|isNotOk|isNull|isNotNull|isDefined|exists|notExists|true|false|assert_|assertTrue|assertFalse|assertNull|assertNotNull|assertIsNone|assertIsNotNone|assertEmpty|assertNotEmpty|assert_nil|refute_nil|assert_empty|refute_empty|True|False|Nil|NotNil|Empty|NotEmpty)$/;
/** Names of assertions that a value is true. */
const TRUTH_ASSERTION = /^(?:assert|ok|truthy|isTrue|isOk|true|assert_|assertTrue|True)$/;
/** Languages in which a message can have any type; in the others the compiler accepts only a string. */
const ANY_MESSAGE_TYPE: ReadonlySet<string> = new Set([
  ...['javascript', 'typescript', 'tsx', 'python', 'ruby', 'php', 'go'],
]);
const SIGNED_NUMBER = /^(?:unary_expression|unary_operator|unary|unary_op_expression)$/;
const LISTS = /^(?:array|list|tuple|dictionary|hash|array_creation_expression|composite_literal)$/;
const COMPARES =
  /^(?:comparison_operator|binary_expression|binary|boolean_operator|not_operator|unary_expression|unary_op_expression|unary|logical_expression)$/;
/** Names of expected values, except those of an expected message. */
const EXPECTED_NAME = /^\$?(?:expected|want|wanted)(?!\w*(?:[mM]es|[mM]sg|[tT]ext|[eE]rr))\w{0,30}$/;
const FUNCTIONS = /^(?:arrow_function|function_expression|lambda)$/;
const ASSIGNMENTS = /^(?:assignment_expression|named_expression|assignment)$/;
/** Libraries whose `assert` checks a value; a project's own `assert` could call the function that it gets. */
const KNOWN_ASSERT =
  /['"](?:node:)?(?:assert(?:\/strict)?|chai|tap|tape|ava|uvu\/assert|vitest|power-assert|(?:jsr:)?@std\/assert|node:test)['"]/;

/** Returns undefined if the assertion at the node compares something, or if the node is no assertion. */
export function idleValueAt(node: Syntax, reading: Reading): string | undefined {
  if (node.type === 'assert_statement') return reading.grammar === 'python' ? idlePython(node) : undefined;
  const call = namedCallOf(node);
  if (call === undefined || !takesOneValue(call)) return undefined;
  const [value, message] = valuesOf(call, reading);
  if (value === undefined) return undefined;
  return idleMessage(value, message, { call, reading }) ?? idleSubject(value, { call, reading });
}

function takesOneValue({ name, object }: NamedCall): boolean {
  if (!ONE_VALUE_ASSERTION.test(name)) return false;
  return object === '' ? /^(?:assert|refute|ok$)/.test(name) : ASSERTING_OBJECTS.test(object);
}

interface ReadCall {
  call: NamedCall;
  reading: Reading;
}

function idleMessage(value: Syntax, message: Syntax | undefined, { call, reading }: ReadCall): string | undefined {
  if (message === undefined || !ANY_MESSAGE_TYPE.has(reading.grammar) || COMPARES.test(value.type)) return undefined;
  return isExpectation(message, value) ? takenAsMessage(message, call.name) : undefined;
}

function takenAsMessage(message: Syntax, name: string): string {
  return `gives ${shortOf(message)} to ${name} as its message: nothing is compared with it`;
}

/** True if the message looks like an expected value. */
function isExpectation(message: Syntax, value: Syntax): boolean {
  if (NUMBERS.has(message.type)) return true;
  // A list that contains variables can be a message that shows their values.
  if (LISTS.test(message.type)) return message.children.length > 0 && message.children.every(isLiteral);
  if (SIGNED_NUMBER.test(message.type)) return NUMBERS.has(message.children.at(-1)?.type ?? '');
  if (STRINGS.has(message.type)) return /\d/.test(message.text) && !/\p{L}/u.test(message.text.slice(0, 200));
  if (!/^(?:identifier|variable_name)$/.test(message.type)) return false;
  return EXPECTED_NAME.test(message.text) && !value.text.slice(0, 2_000).includes(message.text);
}

function isLiteral({ type }: Syntax): boolean {
  return NUMBERS.has(type) || STRINGS.has(type);
}

/** Finds an asserted value that cannot be false. */
function idleSubject(value: Syntax, { call, reading }: ReadCall): string | undefined {
  if (!TRUTH_ASSERTION.test(call.name)) return undefined;
  const { grammar, text } = reading;
  const isKnownAssert = !isScript(grammar) || KNOWN_ASSERT.test(text.slice(0, 8_000));
  return isKnownAssert ? alwaysTrue(value) : undefined;
}

function alwaysTrue(value: Syntax): string | undefined {
  const inner = value.type === 'parenthesized_expression' ? (value.children[0] ?? value) : value;
  if (inner.type === 'tuple' || inner.type === 'array' || inner.type === 'list') {
    return inner.children.every(isLiteral)
      ? undefined
      : `asserts the list ${shortOf(inner)}, which is true whatever is in it`;
  }
  if (FUNCTIONS.test(inner.type)) return `asserts the function ${shortOf(inner)}, which is not called`;
  if (!ASSIGNMENTS.test(inner.type)) return undefined;
  const right = inner.field('right') ?? inner.field('value');
  return right !== undefined && isLiteral(right) ? `assigns in ${shortOf(inner)}: nothing is compared` : undefined;
}

/** Reads statements such as `assert told["saved"], 1000`, `assert (told["saved"] == 1000, "says")`, `assert mock.called_with(3)`. */
function idlePython(node: Syntax): string | undefined {
  const [value, message] = node.children;
  if (value === undefined) return undefined;
  const always = alwaysTrue(value) ?? lostCheck(value);
  if (always !== undefined) return always;
  if (message === undefined || COMPARES.test(value.type) || !isExpectation(message, value)) return undefined;
  return takenAsMessage(message, 'assert');
}

/** Finds a misspelt check of a mock: a mock has every attribute, and calling one returns a true value. */
function lostCheck(value: Syntax): string | undefined {
  const name = value.type === 'call' ? value.field('function')?.field('attribute')?.text : undefined;
  return name !== undefined && /^called_(?:once|with|once_with)$/.test(name)
    ? `asks a mock for ${name}, which is no check of it and always true`
    : undefined;
}
