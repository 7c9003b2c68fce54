/**
 * Recognizes asynchronous functions, and calls whose result a condition uses without awaiting it. Pure.
 */
import { FUNCTIONS } from '../units/languages';
import type { Syntax } from '../units/syntax';
import { scopeOf } from './scopes';

export function isAsync(node: Syntax): boolean {
  if (node.token('async') !== undefined) return !/^(?:async\s+function\s*\*|async\s*\*)/.test(node.text.slice(0, 60));
  return /^:\s*Promise\s*</.test(node.field('return_type')?.text ?? '');
}

/** Operators that join conditions. */
const CHAIN_OPERATORS = new Set(['&&', '||', '??']);

/**
 * True for `if (!check(x))`, `check(x) && ...`, `not check(x)`, and for a variable that is only tested: `const ok =
 * check(x); if (ok)`.
 */
export function decides(call: Syntax): boolean {
  const node = withParentheses(call);
  if (isTested(node)) return true;
  const holder = node.parent;
  const target = holder?.field('name') ?? holder?.field('left');
  if (holder === null || target?.type !== 'identifier' || !/^(?:variable_declarator|assignment)$/.test(holder.type))
    return false;
  const scope = target.above(FUNCTIONS);
  if (scope === undefined) return false;
  const uses = (scopeOf(scope).named.get(target.text) ?? []).filter((one) => one.from !== target.from);
  return uses.length > 0 && uses.every((one) => isTested(withParentheses(one)));
}

/** Returns the outermost parentheses around the node. */
function withParentheses(node: Syntax): Syntax {
  let one = node;
  while (one.parent?.type === 'parenthesized_expression') one = one.parent;
  return one;
}

/** True if a condition tests the node. */
function isTested(node: Syntax): boolean {
  const holder = node.parent;
  if (holder === null) return false;
  if (holder.type === 'not_operator') return true;
  if (holder.type === 'unary_expression') return holder.token('!') !== undefined;
  if (/^(?:if_statement|while_statement|do_statement|ternary_expression|elif_clause)$/.test(holder.type))
    return node.isField('condition');
  // Python: `a if check() else b`.
  if (holder.type === 'conditional_expression') return holder.children[1]?.from === node.from;
  if (holder.type === 'assert_statement') return holder.children[0]?.from === node.from;
  if (holder.type === 'boolean_operator') return node.isField('left') || isTested(withParentheses(holder));
  if (holder.type !== 'binary_expression') return false;
  const isChain = holder.all.some((one) => !one.isNamed && CHAIN_OPERATORS.has(one.type));
  if (!isChain) return false;
  // `cached() ?? load()` and `cache || load()` pass the promise on.
  const isAnd = holder.token('&&') !== undefined;
  return (isAnd && node.isField('left')) || isTested(withParentheses(holder));
}
