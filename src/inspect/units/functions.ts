/**
 * Breaks whole functions: they throw, or return nothing. It also finds the name of a function.
 *
 * Statements are inserted and never removed, so that a generator stays a generator, and declared names stay used.
 */
import { putBefore, putInside } from './candidate';
import type { RuleContext, Candidate } from './candidate';
import { isTyped } from './languages';
import { regionOf } from './regions';
import { answersOf } from './statements';
import type { Syntax } from './syntax';
import { zeroOf } from './zero-values';

export function breaksOfFunction(node: Syntax, context: RuleContext): Candidate[] {
  const body = node.field('body');
  if (body === undefined || isStub(node, body, context)) return [];
  const name = nameOf(node) ?? 'function';
  const made = (says: string, edit: Candidate['edit'] | undefined): Candidate[] =>
    edit === undefined ? [] : [{ line: node.line, kind: 'function', says: `${name}(): ${says}`, edit }];
  if (isExpression(body, context)) {
    const { stopExpression, isDynamic } = context.rules;
    if (!isDynamic) return [];
    const stop = stopExpression === null ? undefined : { from: body.from, to: body.to, text: stopExpression };
    const answers = answersOf(body, context, (says) => `${name}(): ${says}`);
    return [...made('throws', stop), ...answers.map((one) => ({ ...one, line: node.line }))];
  }
  const leave = leaveOf(node, context);
  const zero = zeroOf(node, context.rules.grammar);
  return [
    ...made('throws', atBegin(body, context.rules.stop, context)),
    ...(leave === null ? [] : made('gives nothing back', atBegin(body, leave, context))),
    ...(zero === undefined ? [] : made('gives nothing back', atBegin(body, zero.leave, context))).map((one) => ({
      ...one,
      ...(zero?.isTelling === true ? { kind: 'value' as const } : {}),
    })),
  ];
}

/** True for a body without braces: that of an arrow function, a lambda, or a method in one line. */
function isExpression(body: Syntax, { rules }: RuleContext): boolean {
  if (rules.grammar === 'ruby') return body.type !== 'body_statement' && body.parent?.token('=') !== undefined;
  return !/^(?:statement_block|block|compound_statement|constructor_body)$/.test(body.type);
}

/** True for a function that does nothing, and for one that may not stop because it is a compile-time constant. */
function isStub(node: Syntax, body: Syntax, { rules }: RuleContext): boolean {
  if (/^(?:constexpr|consteval|const)$/m.test(modifiersOf(node, rules.grammar))) return true;
  if (/^(?:statement_block|block|compound_statement|constructor_body)$/.test(body.type)) {
    return statementsOf(body).every((one) => isNothing(one) || regionOf(one) === 'message');
  }
  return body.to === body.from;
}

function isNothing(statement: Syntax): boolean {
  if (statement.type === 'pass_statement' || regionOf(statement) === 'docstring') return true;
  return statement.type === 'expression_statement' && statement.children[0]?.type === 'ellipsis';
}

function modifiersOf(node: Syntax, grammar: RuleContext['rules']['grammar']): string {
  if (grammar !== 'cpp' && grammar !== 'rust') return '';
  return node.children
    .filter(
      ({ type }) => type === 'type_qualifier' || type === 'function_modifiers' || type === 'storage_class_specifier',
    )
    .flatMap(({ text }) => text.split(/\s+/))
    .join('\n');
}

/** The statements of a block; the Go grammar wraps them in a list node. */
export function statementsOf(block: Syntax): Syntax[] {
  return block.children.flatMap((child) => (child.type === 'statement_list' ? child.children : [child]));
}

function atBegin(body: Syntax, put: string, context: RuleContext): Candidate['edit'] | undefined {
  if (context.rules.grammar === 'python') {
    const first = statementsOf(body).find((statement) => regionOf(statement) !== 'docstring');
    return first === undefined ? undefined : putBefore(first, put, context);
  }
  if (context.rules.grammar === 'ruby') return putBefore(body, put, context);
  const called = body.children[0];
  // The call of another constructor must be the first statement of a constructor.
  if (called?.type === 'explicit_constructor_invocation') return { from: called.to, to: called.to, text: ` ${put}` };
  return putInside(body, put);
}

/** The statement that returns nothing. In some languages setters and constructors must return without a value. */
function leaveOf(node: Syntax, { rules }: RuleContext): string | null {
  if (rules.leave === null) return null;
  if (isTyped(rules.grammar) && node.token('set') !== undefined) return 'return;';
  if (rules.grammar !== 'php') return rules.leave;
  const type = node.field('return_type')?.text;
  if (type === 'never') return null;
  return type === 'void' || node.field('name')?.text === '__construct' ? 'return;' : rules.leave;
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'parenthesized_expression',
  'as_expression',
  'satisfies_expression',
  'expression_list',
]);
const NAMERS: ReadonlyMap<string, string> = new Map([
  ['variable_declarator', 'name'],
  ['pair', 'key'],
  ['assignment_expression', 'left'],
  ['assignment', 'left'],
  ['field_definition', 'property'],
  ['public_field_definition', 'name'],
  ['short_var_declaration', 'left'],
  ['assignment_statement', 'left'],
  ['let_declaration', 'pattern'],
  ['property_declaration', 'name'],
  ['init_declarator', 'declarator'],
]);

/** The function's own name, or that of the variable, property or export that gets the function. */
export function nameOf(node: Syntax): string | undefined {
  const own = node.field('name') ?? declaratorName(node);
  if (own !== undefined) return ownName(node, own);
  if (node.type === 'accessor_declaration') return nameOfHolder(node.parent?.parent ?? null);
  let below = node;
  let holder = node.parent;
  while (holder !== null && WRAPPERS.has(holder.type)) {
    below = holder;
    holder = holder.parent;
  }
  if (holder === null) return undefined;
  if (holder.type === 'export_statement') return 'default';
  const key = NAMERS.get(holder.type);
  const name = key === undefined ? undefined : holder.field(key);
  return name === undefined || name.from === below.from || name.to - name.from > 80 ? undefined : name.text;
}

function ownName(node: Syntax, own: Syntax): string | undefined {
  if (own.to - own.from > 80) return undefined;
  const kept = node.parent?.parent;
  const isMethod = node.parent?.type === 'class_body' || node.parent?.parent?.type === 'class_definition';
  const holder = isMethod ? nameOfHolder(kept ?? null) : undefined;
  return holder === undefined ? own.text : `${holder}.${own.text}`;
}

function nameOfHolder(holder: Syntax | null): string | undefined {
  const name = holder?.field('name');
  return name === undefined || name.to - name.from > 80 ? undefined : name.text;
}

/** Finds the name within declarators, as in C and C++. */
function declaratorName(node: Syntax): Syntax | undefined {
  let found = node.field('declarator');
  while (found !== undefined && found.type !== 'lambda_declarator') {
    const next = found.field('declarator');
    if (next === undefined) return found;
    found = next;
  }
  return undefined;
}
