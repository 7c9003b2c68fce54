/**
 * Breaks statements and results: an effect does not happen, a function returns no result or another one, a handler is missing.
 *
 * Applies to languages in which no compiler rejects such edits. Declarations stay: without them, the following code fails in
 * every test.
 */
import { isAtChange, quote } from './candidate';
import type { RuleContext, Candidate } from './candidate';
import { BLOCKS, PLAIN_NAMES } from './languages';
import { mayAct, otherAnswer } from './other-answers';
import { isOutside } from './outside';
import { regionOf } from './regions';
import type { Syntax } from './syntax';

export function breaksOfValue(node: Syntax, context: RuleContext): Candidate[] {
  const { nothing } = context.rules;
  if (nothing === null || !isAtChange(node, context)) return [];
  if (node.type === 'jsx_attribute') return breaksOfHandler(node, context);
  if (node.type !== 'return_statement' && node.type !== 'return') return [];
  const value = node.children[0];
  if (value === undefined || value.text === 'undefined' || /^(?:null|none|nil|undefined)$/.test(value.type)) return [];
  if (context.rules.grammar === 'php' && regionOf(value) === 'message') return [];
  return answersOf(value, context, (says) => `${quote(node, context)}: ${says}`);
}

/** Breaks a returned expression: another value, and the null value. */
export function answersOf(value: Syntax, { rules }: RuleContext, says: (what: string) => string): Candidate[] {
  const { from, to, line } = value;
  const other = otherAnswer(value, rules.grammar);
  const candidateOf = (what: string, text: string): Candidate => ({
    ...{ line, kind: 'value', says: says(what), edit: { from, to, text } },
    ...(text === rules.nothing ? { mark: 'plain' as const } : {}),
  });
  return [
    ...(other === undefined ? [] : [candidateOf('gives another answer', other)]),
    ...(rules.nothing === null || (other !== undefined && !mayAct(value))
      ? []
      : [candidateOf('gives nothing back', rules.nothing)]),
  ];
}

/** Attributes of markup that are no handlers. */
const NO_HANDLER = /^(?:class|className|style|key|ref|id|css|sx|data-[\w-]+)$/;

function breaksOfHandler(node: Syntax, context: RuleContext): Candidate[] {
  const [name, value] = node.children;
  const inner = value?.type === 'jsx_expression' ? value.children[0] : undefined;
  if (name === undefined || inner === undefined || NO_HANDLER.test(name.text) || inner.text === 'undefined') return [];
  return [
    {
      line: node.line,
      kind: 'value',
      says: `${quote(node, context)}: not given`,
      edit: { from: inner.from, to: inner.to, text: context.rules.nothing ?? 'undefined' },
    },
  ];
}

const ASSIGNMENTS: ReadonlySet<string> = new Set(['assignment', 'assignment_expression']);
/** Types of expressions that can have effects. */
const EFFECTS: ReadonlySet<string> = new Set([
  'call',
  'call_expression',
  'function_call_expression',
  'member_call_expression',
  'scoped_call_expression',
  'nullsafe_member_call_expression',
  'await',
  'await_expression',
  'assignment',
  'assignment_expression',
  'augmented_assignment',
  'augmented_assignment_expression',
  'operator_assignment',
  'update_expression',
  'unary_expression',
  'delete_statement',
  'yield',
  'yield_expression',
]);

export function breaksOfStatement(node: Syntax, context: RuleContext): Candidate[] {
  if (!context.rules.isDynamic || !isAtChange(node, context)) return [];
  const effect = effectOf(node, context);
  if (effect === undefined || isDeclaration(effect, context)) return [];
  return [
    {
      line: node.line,
      kind: 'statement',
      says: `${quote(node, context)}: left out`,
      edit: { from: node.from, to: node.to, text: context.rules.skip },
      ...(isOutside(node, effect) ? { mark: 'outside' as const } : {}),
    },
  ];
}

/** Returns the expression with the effect, if the node is a statement. */
function effectOf(node: Syntax, { rules }: RuleContext): Syntax | undefined {
  if (node.type === 'delete_statement') return node;
  if (rules.grammar === 'ruby') {
    const isStatement = node.parent !== null && BLOCKS.has(node.parent.type) && EFFECTS.has(node.type);
    return isStatement ? node : undefined;
  }
  if (node.type !== 'expression_statement') return undefined;
  const [only] = node.children;
  return only !== undefined && EFFECTS.has(only.type) ? only : undefined;
}

const EXPORTS = /^(?:module\.exports|exports)\b/;
/** Calls within these nodes of Ruby are declarations. */
const TOP_OF_RUBY: ReadonlySet<string> = new Set(['class', 'module', 'singleton_class']);

function isDeclaration(effect: Syntax, { rules }: RuleContext): boolean {
  if (rules.grammar === 'ruby' && TOP_OF_RUBY.has(effect.parent?.parent?.type ?? '')) return true;
  const called = effect.field('function');
  if (called?.type === 'super') return true;
  if (!ASSIGNMENTS.has(effect.type)) return false;
  const left = effect.field('left');
  if (left === undefined) return true;
  if (rules.grammar === 'javascript' || rules.grammar === 'typescript' || rules.grammar === 'tsx') {
    return EXPORTS.test(left.text.slice(0, 80));
  }
  return PLAIN_NAMES.has(left.type);
}
