/**
 * Breaks statements and results: an effect does not happen, a function returns no result or another one, a handler is missing.
 *
 * Only for languages without a compiler that objects. Declarations are kept: without them all following code fails in any test.
 */
import { isAtChange, quote } from './candidate';
import type { Asked, Candidate } from './candidate';
import { BLOCKS, PLAIN_NAMES } from './languages';
import { mayAct, otherAnswer } from './other-answers';
import { isOutside } from './outside';
import { regionOf } from './regions';
import type { Syntax } from './syntax';

export function breaksOfValue(node: Syntax, asked: Asked): Candidate[] {
  const { nothing } = asked.rules;
  if (nothing === null || !isAtChange(node, asked)) return [];
  if (node.type === 'jsx_attribute') return breaksOfHandler(node, asked);
  if (node.type !== 'return_statement' && node.type !== 'return') return [];
  const value = node.children[0];
  if (value === undefined || value.text === 'undefined' || /^(?:null|none|nil|undefined)$/.test(value.type)) return [];
  if (asked.rules.grammar === 'php' && regionOf(value) === 'message') return [];
  return answersOf(value, asked, (says) => `${quote(node, asked)}: ${says}`);
}

/** Breaks a returned expression. */
export function answersOf(value: Syntax, { rules }: Asked, says: (what: string) => string): Candidate[] {
  const { from, to, line } = value;
  const other = otherAnswer(value, rules.grammar);
  const made = (what: string, text: string): Candidate => ({
    ...{ line, kind: 'value', says: says(what), edit: { from, to, text } },
    ...(text === rules.nothing ? { mark: 'plain' as const } : {}),
  });
  return [
    ...(other === undefined ? [] : [made('gives another answer', other)]),
    ...(rules.nothing === null || (other !== undefined && !mayAct(value))
      ? []
      : [made('gives nothing back', rules.nothing)]),
  ];
}

const UNREAD = /^(?:class|className|style|key|ref|id|css|sx|data-[\w-]+)$/;

function breaksOfHandler(node: Syntax, asked: Asked): Candidate[] {
  const [name, value] = node.children;
  const inner = value?.type === 'jsx_expression' ? value.children[0] : undefined;
  if (name === undefined || inner === undefined || UNREAD.test(name.text) || inner.text === 'undefined') return [];
  return [
    {
      line: node.line,
      kind: 'value',
      says: `${quote(node, asked)}: not given`,
      edit: { from: inner.from, to: inner.to, text: asked.rules.nothing ?? 'undefined' },
    },
  ];
}

const ASSIGNMENTS: ReadonlySet<string> = new Set(['assignment', 'assignment_expression']);
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

export function breaksOfStatement(node: Syntax, asked: Asked): Candidate[] {
  if (!asked.rules.isDynamic || !isAtChange(node, asked)) return [];
  const effect = effectOf(node, asked);
  if (effect === undefined || isDeclaration(effect, asked)) return [];
  return [
    {
      line: node.line,
      kind: 'statement',
      says: `${quote(node, asked)}: left out`,
      edit: { from: node.from, to: node.to, text: asked.rules.skip },
      ...(isOutside(node, effect) ? { mark: 'outside' as const } : {}),
    },
  ];
}

function effectOf(node: Syntax, { rules }: Asked): Syntax | undefined {
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

function isDeclaration(effect: Syntax, { rules }: Asked): boolean {
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
