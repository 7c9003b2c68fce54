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
const UNCALLED =
  /^(?:to[A-Z]\w*|equals?|eql?|match|matches|throws?|include|includes|contain|contains|above|below|least|most|within|closeTo|property|string|keys?|members|instanceOf|instanceof|lengthOf|satisfy|oneOf|resolveTo|rejectWith)$/;
const SPIED =
  /^(?:called|calledOnce|calledTwice|calledWith|calledWithExactly|calledOnceWith|calledOnceWithExactly|calledWithMatch|notCalled)$/;
const EQUALITY = /^(?:===?|!==?|is|is not)$/;

/** Undefined where the statement at the node asserts something, or where the node is no statement. `test` contains the node. */
export function idleStatementAt(node: Syntax, test: Syntax, reading: Reading): string | undefined {
  const said = statementIn(node, reading);
  if (said === undefined) return undefined;
  return (
    withoutMatcher(said, reading) ??
    uncalledAssertion(said, reading) ??
    (isOwn(node, test) ? unusedResult(said, reading) : undefined)
  );
}

function statementIn(node: Syntax, { grammar }: Reading): Syntax | undefined {
  if (grammar === 'ruby') return RUBY_BODIES.test(node.parent?.type ?? '') ? node : undefined;
  if (node.type !== 'expression_statement') return undefined;
  const said = node.children[0];
  return said?.type === 'await_expression' ? said.children[0] : said;
}

function withoutMatcher(said: Syntax, { grammar, text }: Reading): string | undefined {
  const args = said.field('arguments')?.children;
  if (args === undefined) return undefined;
  const name = calledName(said).replace(/^(?:chai|Assertions)\./, '');
  const isAlone = args.length === 1 && !FINDS_OR_THROWS.test(args[0]?.text.slice(0, 2_000) ?? '');
  const head = text.slice(0, 8_000);
  if (/^to(?:Match|ThrowErrorMatching)InlineSnapshot$/.test(said.field('function')?.field('property')?.text ?? ''))
    return args.length === 0 ? 'compares with a snapshot that is not there, and that the run writes' : undefined;
  const isRoot =
    (isScript(grammar) && /^expect(?:\.soft)?$/.test(name) && !isOwnExpect(head)) ||
    (grammar === 'ruby' && name === 'expect' && said.type === 'call' && said.field('block') === undefined) ||
    (grammar === 'php' && name === 'expect') ||
    (grammar === 'go' && /^(?:gomega\.)?(?:Expect|Ω)$/.test(name)) ||
    (grammar === 'java' && name === 'assertThat') ||
    (grammar === 'python' && name === 'assert_that' && head.includes('assertpy'));
  if (isRoot && isAlone) return `says ${shortOf(said)} without a matcher: nothing is asserted`;
  const isSharp = grammar === 'c-sharp' && args.length === 0 && /\.Should$/.test(calledName(said));
  return isSharp ? `says ${shortOf(said)} without an assertion after it: nothing is asserted` : undefined;
}

/** True where the project itself defines the function `expect`. */
function isOwnExpect(head: string): boolean {
  return (
    /\b(?:function|const|let|var)\s{1,9}expect\b(?!\s{0,9}=\s{0,9}(?:require\(['"](?:chai|expect)|chai))/.test(head) ||
    /\bimport\s{0,9}\{[^}\n]{0,300}\bexpect\b[^}\n]{0,300}\}\s{0,9}from\s{0,9}['"]\.{1,2}\//.test(head)
  );
}

function uncalledAssertion(said: Syntax, { grammar }: Reading): string | undefined {
  if (!isScript(grammar) && grammar !== 'python') return undefined;
  const name = (said.field('property') ?? said.field('attribute'))?.text;
  if (name === undefined || said.field('arguments') !== undefined) return undefined;
  const whole = said.text.slice(0, 400);
  const isAssertion =
    grammar === 'python'
      ? /^assert(?:_[a-z]|[A-Z])/.test(name)
      : (/^(?:chai\.)?expect(?:\.soft)?\s{0,9}\(/.test(whole) && UNCALLED.test(name)) ||
        /^(?:assert|t)\.(?:equal|strictEqual|deepEqual|deepStrictEqual|ok|throws|rejects|is|true)$/.test(whole);
  return isAssertion ? `names ${name} and does not call it: nothing is asserted` : undefined;
}

/** Finds a comparison or a query of a spy whose result is not used. */
function unusedResult(said: Syntax, { grammar, text }: Reading): string | undefined {
  const isComparison = said.type === (grammar === 'python' ? 'comparison_operator' : 'binary_expression');
  if (isComparison && (grammar === 'python' || isScript(grammar))) return unusedComparison(said, text);
  const called = said.field('function') ?? said;
  const name = (called.field('property') ?? called.field('attribute'))?.text ?? '';
  const isSpied = isScript(grammar)
    ? SPIED.test(name)
    : grammar === 'python' && said.type === 'call' && /^called_(?:once|with|once_with)$/.test(name);
  return isSpied ? `asks ${shortOf(said)} and does nothing with the answer` : undefined;
}

/** Only a comparison with a literal counts: comparing two objects can be a test of the operator itself. */
function unusedComparison(said: Syntax, text: string): string | undefined {
  const isLiteral = ({ type }: Syntax): boolean => NUMBERS.has(type) || STRINGS.has(type);
  const isEquality = said.all.some(({ type }) => EQUALITY.test(type)) && said.children.some(isLiteral);
  if (/__(?:eq|ne)__|\bvalueOf\b|toPrimitive/.test(text)) return undefined;
  return isEquality ? `compares in ${shortOf(said)} and does nothing with the answer` : undefined;
}

/** True where the test itself runs the statement. A function that is passed on can be expected to throw. */
function isOwn(node: Syntax, test: Syntax): boolean {
  for (let at = node.parent; at !== null && at.from >= test.from; at = at.parent) {
    if (/^(?:try_statement|with_statement)$/.test(at.type)) return false;
    if (!FUNCTIONS.has(at.type)) continue;
    return at.from === test.from || (at.parent?.parent?.from === test.from && at.parent.parent.to === test.to);
  }
  return false;
}
