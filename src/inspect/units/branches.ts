/**
 * Breaks branches: the program stops when it enters one. A branch that only reports an error or writes a log is no unit.
 */
import { putBefore, putInside } from './candidate';
import type { RuleContext, Candidate } from './candidate';
import { statementsOf } from './functions';
import { isGuard } from './guards';
import { onlyReports } from './regions';
import type { Syntax } from './syntax';

interface Branch {
  line: number;
  /** The text before the body, shortened. */
  head: string;
  body: Syntax;
  statements: Syntax[];
  /** True if a missing value or a failure leads into the branch. */
  isGuard: boolean;
}

/** Breaks the branches that begin at the node. */
export function breaksOfBranch(node: Syntax, context: RuleContext): Candidate[] {
  return branchesAt(node)
    .filter((branch) => isChanged(branch, context) && !onlyReports(branch.statements))
    .flatMap((branch) => {
      const edit = editOf(branch, context);
      if (edit === undefined) return [];
      const kind = branch.isGuard ? ('statement' as const) : ('branch' as const);
      return [{ line: branch.line, kind, says: `${branch.head}: stops when entered`, edit }];
    });
}

/** Returns the lines of branches that only report, so that no test could notice their break. */
export function reportsAt(node: Syntax): number[] {
  return branchesAt(node).flatMap(({ statements, line }) => (onlyReports(statements) ? [line] : []));
}

function isChanged({ line, body, statements }: Branch, { lines }: RuleContext): boolean {
  return lines.has(line) || lines.has(body.line) || statements.some((statement) => lines.has(statement.line));
}

function branchesAt(node: Syntax): Branch[] {
  const condition = conditionText(node);
  const branchOf = (body: Syntax | undefined, head: string, at = node): Branch[] =>
    body === undefined || !body.isNamed || statementsIn(body).length === 0
      ? []
      : [{ line: at.line, head, body, statements: statementsIn(body), isGuard: isGuardBranch(node, at, head) }];
  switch (node.type) {
    case 'if_statement':
    case 'if_expression':
    case 'if':
    case 'unless':
      return [
        ...branchOf(node.field('consequence') ?? node.field('body'), `if (${condition})`),
        ...elseBranch(node.field('alternative'), branchOf),
      ];
    case 'elif_clause':
    case 'else_if_clause':
    case 'elsif':
      return branchOf(node.field('consequence') ?? node.field('body'), `else if (${condition})`);
    case 'else_clause':
      return branchOf(node.field('body') ?? onlyBlock(node), 'else');
    case 'ternary_expression':
    case 'conditional_expression':
      return sidesOfTernary(node, condition);
    case 'catch_clause':
    case 'except_clause':
    case 'rescue':
      return branchOf(node.field('body') ?? lastBlock(node), 'catch');
    case 'else':
      return branchOf(node, 'else');
    case 'when':
    case 'case_clause':
      return branchOf(node.field('body') ?? node.field('consequence'), headText(node));
    case 'match_arm':
      return branchOf(node.field('value'), `case ${headText(node)}`);
    case 'switch_case':
    case 'switch_default':
    case 'expression_case':
    case 'default_case':
    case 'switch_block_statement_group':
    case 'switch_section':
    case 'case_statement':
    case 'default_statement':
      return caseAt(node);
    default:
      return [];
  }
}

/** Returns both sides of `a ? b : c` and of `b if a else c`. */
function sidesOfTernary(node: Syntax, text: string): Branch[] {
  const [first, second, third] = node.children;
  const isPython = node.token('if') !== undefined;
  const condition = node.field('condition') ?? (isPython ? second : first);
  const consequence = node.field('consequence') ?? (isPython ? first : second);
  const alternative = node.field('alternative') ?? third;
  const head = text === '...' ? (condition?.text ?? '').replace(/\s+/g, ' ').slice(0, 60) : text;
  const sideOf = (body: Syntax | undefined, says: string, isGuard: boolean): Branch[] =>
    body === undefined ? [] : [{ line: body.line, head: says, body, statements: [body], isGuard }];
  const isGuarded = isGuard(condition?.text ?? '');
  return [...sideOf(consequence, `${head} ? ... :`, isGuarded), ...sideOf(alternative, `not ${head} ? ... :`, true)];
}

/** True for an `if` whose condition is a guard, and for each handler of errors. */
function isGuardBranch(node: Syntax, at: Syntax, head: string): boolean {
  if (head === 'catch') return true;
  return at === node && head !== 'else' && isGuard(node.field('condition')?.text ?? '');
}

/** Returns the branch of an `else` that is a plain block. An `else if` and an else clause are nodes of their own. */
function elseBranch(
  alternative: Syntax | undefined,
  branchOf: (body: Syntax | undefined, head: string, at?: Syntax) => Branch[],
): Branch[] {
  return alternative?.type === 'block' ? branchOf(alternative, 'else', alternative) : [];
}

function onlyBlock(clause: Syntax): Syntax | undefined {
  const found = clause.children.at(-1);
  return found === undefined || found.type === 'if_statement' || found.type === 'if_expression' ? undefined : found;
}

function lastBlock(clause: Syntax): Syntax | undefined {
  const found = clause.children.at(-1);
  return found !== undefined && /^(?:block|compound_statement|then)$/.test(found.type) ? found : undefined;
}

const STATEMENT = /_statement$|^return$|_declaration$|^statement_list$|_expression$|^block$/;

function caseAt(node: Syntax): Branch[] {
  const colon = node.token(':');
  const statements =
    colon === undefined
      ? node.children.filter(({ type }) => STATEMENT.test(type))
      : statementsOf(node).filter(({ from, type }) => from >= colon.to && STATEMENT.test(type));
  const first = statements[0];
  const isDefault = /default/.test(node.type);
  return first === undefined
    ? []
    : [{ line: node.line, head: headText(node), body: first, statements, isGuard: isDefault }];
}

function statementsIn(body: Syntax): Syntax[] {
  return /^(?:statement_block|block|compound_statement|then|else)$/.test(body.type) ? statementsOf(body) : [body];
}

function editOf({ body, statements }: Branch, context: RuleContext): Candidate['edit'] | undefined {
  const { stop, stopExpression, grammar } = context.rules;
  if (/^(?:ternary|conditional)_expression$/.test(body.parent?.type ?? '')) {
    const text = grammar === 'cpp' ? `(__builtin_trap(), ${body.text})` : stopExpression;
    return text === null ? undefined : { from: body.from, to: body.to, text };
  }
  const inside = putInside(body, stop);
  if (inside !== undefined && /^(?:statement_block|block|compound_statement)$/.test(body.type)) return inside;
  const first = statements[0];
  if (first === undefined) return undefined;
  if (grammar === 'python' || grammar === 'ruby') return putBefore(first, stop, context);
  const isInCase = /case|default|group|section/.test(body.parent?.type ?? '') && body.parent?.type !== 'case_clause';
  if (isInCase || body.parent?.type === 'statement_list') return putBefore(first, stop, context);
  if (grammar === 'go') return undefined;
  return { from: body.from, to: body.to, text: `{ ${stop} ${context.text.slice(body.from, body.to)} }` };
}

function conditionText(node: Syntax): string {
  const condition = node.field('condition');
  if (condition === undefined || condition.to - condition.from > 400) return '...';
  return condition.text
    .replace(/\s+/g, ' ')
    .replace(/^\((.*)\)$/, '$1')
    .slice(0, 60);
}

function headText(node: Syntax): string {
  const line = node.text.slice(0, 200).split('\n', 1)[0] ?? '';
  return (line.split(/:(?!:)|=>| then\b/, 1)[0] ?? '')
    .replace(/^(?:case|when)\s+/, 'case ')
    .trim()
    .slice(0, 60);
}
