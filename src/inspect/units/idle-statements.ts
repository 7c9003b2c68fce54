/**
 * Finds statements of a test that look like an assertion and assert nothing: `expect(x)` without a matcher, a matcher or an assertion
 * that is not called, a comparison whose result is not used.
 *
 * Each returned text completes a sentence that begins with the statement.
 */
import type { Reading } from './expectations';
import { FUNCTIONS, isScript } from './languages';
import { NUMBERS, STRINGS } from './literals';
import { calledName } from './regions';
import { shortOf } from './syntax';
import type { Syntax } from './syntax';

/** Ruby's grammar has no node for statements: these nodes contain them. */
const RUBY_BODIES = /^(?:body_statement|block_body|then|program)$/;
/** Queries that throw if they find no element, so that the query is already an assertion. */
const FINDS_OR_THROWS = /\b(?:get|getAll|find|findAll)By[A-Z]\w*\s*\(/;
/** Matchers of chai that do nothing unless they are called. */
const CALLABLE_MATCHER =
  /^(?:to[A-Z]\w*|equals?|eql?|match|matches|throws?|include|includes|contain|contains|above|below|least|most|within|closeTo|property|string|keys?|members|instanceOf|instanceof|lengthOf|satisfy|oneOf|resolveTo|rejectWith)$/;
/** Properties of a spy that tell whether it was called. */
const SPY_PROPERTY =
  /^(?:called|calledOnce|calledTwice|calledWith|calledWithExactly|calledOnceWith|calledOnceWithExactly|calledWithMatch|notCalled)$/;
const EQUALITY = /^(?:===?|!==?|is|is not)$/;

/** Returns undefined if the statement at the node asserts something, or if the node is no statement. `test` contains the node. */
export function idleStatementAt(node: Syntax, test: Syntax, reading: Reading): string | undefined {
  const expression = statementIn(node, reading);
  if (expression === undefined) return undefined;
  return (
    withoutMatcher(expression, reading) ??
    uncalledAssertion(expression, reading) ??
    (runsInTest(node, test) ? unusedResult(expression, reading) : undefined)
  );
}

function statementIn(node: Syntax, { grammar }: Reading): Syntax | undefined {
  if (grammar === 'ruby') return RUBY_BODIES.test(node.parent?.type ?? '') ? node : undefined;
  if (node.type !== 'expression_statement') return undefined;
  const expression = node.children[0];
  return expression?.type === 'await_expression' ? expression.children[0] : expression;
}

function withoutMatcher(expression: Syntax, { grammar, text }: Reading): string | undefined {
  const args = expression.field('arguments')?.children;
  if (args === undefined) return undefined;
  const name = calledName(expression).replace(/^(?:chai|Assertions)\./, '');
  const hasOneValue = args.length === 1 && !FINDS_OR_THROWS.test(args[0]?.text.slice(0, 2_000) ?? '');
  const head = text.slice(0, 8_000);
  if (
    /^to(?:Match|ThrowErrorMatching)InlineSnapshot$/.test(expression.field('function')?.field('property')?.text ?? '')
  )
    return args.length === 0 ? 'compares with a snapshot that is not there, and that the run writes' : undefined;
  const isRoot =
    (isScript(grammar) && /^expect(?:\.soft)?$/.test(name) && !definesExpect(head)) ||
    (grammar === 'ruby' &&
      name === 'expect' &&
      expression.type === 'call' &&
      expression.field('block') === undefined) ||
    (grammar === 'php' && name === 'expect') ||
    (grammar === 'go' && /^(?:gomega\.)?(?:Expect|Ω)$/.test(name)) ||
    (grammar === 'java' && name === 'assertThat') ||
    (grammar === 'python' && name === 'assert_that' && head.includes('assertpy'));
  if (isRoot && hasOneValue) return `says ${shortOf(expression)} without a matcher: nothing is asserted`;
  const isShouldCall = grammar === 'c-sharp' && args.length === 0 && /\.Should$/.test(calledName(expression));
  return isShouldCall ? `says ${shortOf(expression)} without an assertion after it: nothing is asserted` : undefined;
}

/** True if the project itself defines the function `expect`. */
function definesExpect(head: string): boolean {
  return (
    /\b(?:function|const|let|var)\s{1,9}expect\b(?!\s{0,9}=\s{0,9}(?:require\(['"](?:chai|expect)|chai))/.test(head) ||
    /\bimport\s{0,9}\{[^}\n]{0,300}\bexpect\b[^}\n]{0,300}\}\s{0,9}from\s{0,9}['"]\.{1,2}\//.test(head)
  );
}

function uncalledAssertion(expression: Syntax, { grammar }: Reading): string | undefined {
  if (!isScript(grammar) && grammar !== 'python') return undefined;
  const name = (expression.field('property') ?? expression.field('attribute'))?.text;
  if (name === undefined || expression.field('arguments') !== undefined) return undefined;
  const whole = expression.text.slice(0, 400);
  const isAssertion =
    grammar === 'python'
      ? /^assert(?:_[a-z]|[A-Z])/.test(name)
      : (/^(?:chai\.)?expect(?:\.soft)?\s{0,9}\(/.test(whole) && CALLABLE_MATCHER.test(name)) ||
        /^(?:assert|t)\.(?:equal|strictEqual|deepEqual|deepStrictEqual|ok|throws|rejects|is|true)$/.test(whole);
  return isAssertion ? `names ${name} and does not call it: nothing is asserted` : undefined;
}

/** Finds a comparison or a query of a spy whose result is not used. */
function unusedResult(expression: Syntax, { grammar, text }: Reading): string | undefined {
  const isComparison = expression.type === (grammar === 'python' ? 'comparison_operator' : 'binary_expression');
  if (isComparison && (grammar === 'python' || isScript(grammar))) return unusedComparison(expression, text);
  const called = expression.field('function') ?? expression;
  const name = (called.field('property') ?? called.field('attribute'))?.text ?? '';
  const asksSpy = isScript(grammar)
    ? SPY_PROPERTY.test(name)
    : grammar === 'python' && expression.type === 'call' && /^called_(?:once|with|once_with)$/.test(name);
  return asksSpy ? `asks ${shortOf(expression)} and does nothing with the answer` : undefined;
}

/** Only a comparison with a literal counts: comparing two objects can be a test of the operator itself. */
function unusedComparison(expression: Syntax, text: string): string | undefined {
  const isLiteral = ({ type }: Syntax): boolean => NUMBERS.has(type) || STRINGS.has(type);
  const isEquality = expression.all.some(({ type }) => EQUALITY.test(type)) && expression.children.some(isLiteral);
  if (/__(?:eq|ne)__|\bvalueOf\b|toPrimitive/.test(text)) return undefined;
  return isEquality ? `compares in ${shortOf(expression)} and does nothing with the answer` : undefined;
}

/** True if the test itself runs the statement. A function that the test passes on can be expected to throw. */
function runsInTest(node: Syntax, test: Syntax): boolean {
  for (let at = node.parent; at !== null && at.from >= test.from; at = at.parent) {
    if (/^(?:try_statement|with_statement)$/.test(at.type)) return false;
    if (!FUNCTIONS.has(at.type)) continue;
    return at.from === test.from || (at.parent?.parent?.from === test.from && at.parent.parent.to === test.to);
  }
  return false;
}
