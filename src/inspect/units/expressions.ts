/**
 * Breaks conditions and operators: a condition becomes always false or always true, `<` becomes `<=`, `+` becomes `-`, and so on.
 *
 * The original condition stays in the edited text, so that no name becomes unused.
 */
import { isAtChange, quote } from './candidate';
import type { RuleContext, Candidate } from './candidate';
import { isGuard } from './guards';
import { isTyped } from './languages';
import { NUMBERS } from './literals';
import type { Syntax } from './syntax';

const LOOPS: ReadonlySet<string> = new Set([
  'while_statement',
  'do_statement',
  'for_statement',
  'while',
  'until',
  'while_modifier',
  'until_modifier',
  'while_expression',
]);
const CONDITIONAL: ReadonlySet<string> = new Set([
  ...LOOPS,
  'if_statement',
  'elif_clause',
  'else_if_clause',
  'ternary_expression',
  'conditional_expression',
  'if',
  'unless',
  'elsif',
  'if_modifier',
  'unless_modifier',
  'conditional',
  'if_clause',
]);

export function breaksOfCondition(node: Syntax, context: RuleContext): Candidate[] {
  const { rules } = context;
  if (!rules.isDynamic || !CONDITIONAL.has(node.type)) return [];
  const condition = withoutParentheses(conditionOf(node, context));
  if (condition === undefined || condition.type === ';' || !isAtChange(condition, context)) return [];
  if (/^(?:true|false|empty_statement)$/.test(condition.type)) return [];
  const kept = context.text.slice(condition.from, condition.to);
  const replacedBy = (value: string, operator: string, says: string): Candidate => ({
    line: condition.line,
    kind: 'condition',
    says: `if (${quote(condition, context)}): ${says}`,
    edit: { from: condition.from, to: condition.to, text: `${value} ${operator} (${kept})` },
    ...(isGuard(kept) ? { mark: 'plain' as const } : {}),
  });
  const isLoop = LOOPS.has(node.type);
  // The condition of a loop never becomes always true: only a timeout would end that test.
  return [
    replacedBy(rules.no, rules.and, 'never true'),
    ...(isLoop ? [] : [replacedBy(rules.yes, rules.or, 'always true')]),
  ];
}

function conditionOf(node: Syntax, { rules }: RuleContext): Syntax | undefined {
  if (rules.grammar !== 'python') return node.field('condition');
  if (node.type === 'conditional_expression') return node.children[1];
  return node.type === 'if_clause' ? node.children[0] : node.field('condition');
}

function withoutParentheses(condition: Syntax | undefined): Syntax | undefined {
  let found = condition;
  while (found?.type === 'parenthesized_expression' || found?.type === 'parenthesized_statements')
    found = found.children[0];
  return found?.type === 'expression_statement' ? found.children[0] : found;
}

const BINARIES: ReadonlySet<string> = new Set([
  'binary_expression',
  'binary_operator',
  'comparison_operator',
  'boolean_operator',
  'binary',
]);
/** Comparisons, each with its inverse or with another boundary. */
const FLIPS: ReadonlyMap<string, string> = new Map([
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['==', '!='],
  ['!=', '=='],
  ['===', '!=='],
  ['!==', '==='],
  ['is', 'is not'],
  ['is not', 'is'],
  ['in', 'not in'],
  ['not in', 'in'],
]);
const SWAPS: ReadonlyMap<string, string> = new Map([
  ['+', '-'],
  ['-', '+'],
  ['*', '+'],
  ['/', '*'],
  ['%', '*'],
  ['&&', '||'],
  ['||', '&&'],
  ['and', 'or'],
  ['or', 'and'],
  ['??', '&&'],
]);
const EQUALITY = /^[!=]==?$/;

export function breaksOfOperator(node: Syntax, context: RuleContext): Candidate[] {
  if (!BINARIES.has(node.type)) return [];
  const operator = operatorOf(node);
  if (operator === undefined || !context.lines.has(operator.line)) return [];
  const flipped = FLIPS.get(operator.type);
  const swapped = SWAPS.get(operator.type);
  const other = flipped ?? swapped;
  if (
    other === undefined ||
    (context.rules.grammar === 'python' && node.type === 'comparison_operator' && flipped === undefined)
  ) {
    return [];
  }
  const compiles = flipped === undefined ? canSwap(node, operator, context) : canFlip(node, operator, context);
  if (!compiles) return [];
  return [
    {
      line: operator.line,
      kind: flipped === undefined ? 'operator' : 'condition',
      says: `${quote(node, context)}: ${operator.type} becomes ${other}`,
      edit: { from: operator.from, to: operator.to, text: other },
    },
  ];
}

function operatorOf(node: Syntax): Syntax | undefined {
  const found = node.field('operator') ?? node.field('operators');
  return found ?? node.all.find((child) => !child.isNamed && (FLIPS.has(child.type) || SWAPS.has(child.type)));
}

function sidesOf(node: Syntax): Syntax[] {
  return node.children;
}

/** True if a compiler accepts the other comparison for the same operands. */
function canFlip(node: Syntax, operator: Syntax, { rules }: RuleContext): boolean {
  const isEquality = EQUALITY.test(operator.type);
  if (rules.grammar === 'go' && isEquality)
    return !sidesOf(node.parent ?? node).some((side) => side.from !== node.from && isComparison(side));
  if (rules.grammar !== 'cpp') return true;
  return sidesOf(node).some(({ type }) => NUMBERS.has(type) || /^(?:char_literal|null|nullptr|true|false)$/.test(type));
}

function isComparison(node: Syntax): boolean {
  const operator = BINARIES.has(node.type) ? operatorOf(node) : undefined;
  return operator !== undefined && EQUALITY.test(operator.type);
}

/** True if the language accepts the other operator for the same operands. */
function canSwap(node: Syntax, operator: Syntax, { rules }: RuleContext): boolean {
  const sides = sidesOf(node);
  if (/^[-+*/%]$/.test(operator.type)) {
    const numbers = sides.filter(({ type }) => NUMBERS.has(type)).length;
    if (rules.isDynamic) return !sides.some(isText) || operator.type !== '+';
    return numbers === 1 && /^[-+]$/.test(operator.type);
  }
  if (operator.type === '??') return isTyped(rules.grammar) || rules.grammar === 'javascript';
  if (rules.isDynamic) return true;
  // A pattern binds names on one side only, and go vet objects to comparisons that cannot both be true.
  if (rules.grammar === 'go') return !sides.some(isComparison);
  return node.to - node.from < 2_000 && !/\b(?:instanceof|is|let|out)\b/.test(node.text);
}

function isText(side: Syntax): boolean {
  return /string/.test(side.type);
}
