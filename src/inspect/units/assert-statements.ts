/**
 * Inverts expectations that are statements or macros: `assert a == 3`, `if got != want { t.Errorf(...) }`, `assert_eq!(a, 3)`.
 */
import type { Edit } from '../../domain/experiments/units';
import type { Reading } from './expectations';
import { otherValue } from './expected-value';
import { statementsOf } from './functions';
import { BOOLEANS, NUMBERS, STRINGS, otherLiteral } from './literals';
import { calledName } from './regions';
import type { Syntax } from './syntax';

const INVERSE_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['==', '!='],
  ['!=', '=='],
  ['<', '>='],
  ['>=', '<'],
  ['>', '<='],
  ['<=', '>'],
  ['is', 'is not'],
  ['is not', 'is'],
  ['in', 'not in'],
  ['not in', 'in'],
]);

/** Inverts an `assert` statement of Python or Java. */
export function expectedOfStatement(node: Syntax, { grammar, text }: Reading): Edit | undefined {
  const asserted = node.children[0];
  if (asserted === undefined) return undefined;
  if (asserted.type === 'comparison_operator' && asserted.children.length === 2) return otherSide(asserted, grammar);
  const kept = text.slice(asserted.from, asserted.to);
  return { from: asserted.from, to: asserted.to, text: grammar === 'python' ? `not (${kept})` : `!(${kept})` };
}

/** Changes the value on the right of `==`, or the one on its left; if neither is possible, it inverts the operator. */
function otherSide(comparison: Syntax, grammar: Reading['grammar']): Edit | undefined {
  const operator = comparison.all.find((child) => INVERSE_OPERATORS.has(child.type));
  if (operator === undefined) return undefined;
  const [left, right] = comparison.children;
  const inverse = { from: operator.from, to: operator.to, text: INVERSE_OPERATORS.get(operator.type) ?? '' };
  const isEquality = operator.type === '==' || (grammar === 'go' && operator.type === '!=');
  if (!isEquality || left === undefined || right === undefined) return inverse;
  return otherValue(right, grammar) ?? otherValue(left, grammar) ?? inverse;
}

/** Calls that make a Go test fail. */
const FAIL_CALL = /^(?:\w{1,20}|\w{1,20}\.T\(\))\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)$/;

/** Inverts the condition under which a Go test fails. */
export function expectedOfComparison(node: Syntax, { grammar, text }: Reading): Edit | undefined {
  const condition = node.field('condition');
  const body = node.field('consequence');
  if (condition === undefined || body === undefined || !statementsOf(body).some(isFailure)) return undefined;
  if (condition.type === 'binary_expression' && condition.all.some(({ type }) => INVERSE_OPERATORS.has(type))) {
    return otherSide(condition, grammar);
  }
  if (condition.type === 'unary_expression' && condition.token('!') !== undefined) {
    const inner = condition.field('operand');
    if (inner !== undefined) return { from: condition.from, to: condition.to, text: text.slice(inner.from, inner.to) };
  }
  return { from: condition.from, to: condition.to, text: `!(${text.slice(condition.from, condition.to)})` };
}

function isFailure(statement: Syntax): boolean {
  const called = statement.type === 'expression_statement' ? statement.children[0] : undefined;
  return called?.type === 'call_expression' && FAIL_CALL.test(calledName(called));
}

const ASSERT_MACRO = /^(?:debug_|prop_)?assert(?:_eq|_ne|_matches)?!$/;

/** Inverts an assertion macro of Rust. Its arguments are tokens, not expressions: commas at the top level separate them. */
export function expectedOfMacro(node: Syntax): Edit | undefined {
  const name = calledName(node);
  const tokens = node.all.find(({ type }) => type === 'token_tree');
  const macroName = node.field('macro');
  if (!ASSERT_MACRO.test(name) || tokens === undefined || macroName === undefined) return undefined;
  const args = argumentsOf(tokens);
  const first = args[0];
  if (first === undefined) return undefined;
  if (/assert!$/.test(name)) {
    const from = first[0]?.from ?? 0;
    const to = first.at(-1)?.to ?? from;
    return { from, to, text: `!(${first.length === 0 ? '' : sliceOf(tokens, from, to)})` };
  }
  if (/_eq!$/.test(name)) {
    const literals = [args[1], args[0]].flatMap((arg) => (arg?.length === 1 && isLiteral(arg[0]) ? arg : []));
    const edit = literals[0] === undefined ? undefined : otherLiteral(literals[0]);
    if (edit !== undefined) return edit;
  }
  const inverse = INVERSE_ENDINGS.get(name.slice(-4));
  return inverse === undefined ? undefined : { from: macroName.to - 3, to: macroName.to, text: inverse };
}

/** The endings of macro names, and those of their inverses. */
const INVERSE_ENDINGS: ReadonlyMap<string, string> = new Map([
  ['_eq!', '_ne'],
  ['_ne!', '_eq'],
]);

function isLiteral(token: Syntax | undefined): boolean {
  return token !== undefined && (NUMBERS.has(token.type) || STRINGS.has(token.type) || BOOLEANS.has(token.type));
}

function argumentsOf(tokens: Syntax): Syntax[][] {
  const args: Syntax[][] = [[]];
  for (const token of tokens.all.slice(1, -1)) {
    if (token.type === ',') args.push([]);
    else args.at(-1)?.push(token);
  }
  return args.filter((one) => one.length > 0);
}

function sliceOf(tokens: Syntax, from: number, to: number): string {
  return tokens.text.slice(from - tokens.from, to - tokens.from);
}
