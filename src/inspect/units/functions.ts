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
  const candidateOf = (says: string, edit: Candidate['edit'] | undefined): Candidate[] =>
    edit === undefined ? [] : [{ line: node.line, kind: 'function', says: `${name}(): ${says}`, edit }];
  if (isExpressionBody(body, context)) {
    const { stopExpression, isDynamic } = context.rules;
    if (!isDynamic) return [];
    const stop = stopExpression === null ? undefined : { from: body.from, to: body.to, text: stopExpression };
    const answers = answersOf(body, context, (says) => `${name}(): ${says}`);
    return [...candidateOf('throws', stop), ...answers.map((one) => ({ ...one, line: node.line }))];
  }
  const leave = emptyReturnOf(node, context);
  const zero = zeroOf(node, context.rules.grammar);
  return [
    ...candidateOf('throws', atBeginning(body, context.rules.stop, context)),
    ...(leave === null ? [] : candidateOf('gives nothing back', atBeginning(body, leave, context))),
    ...(zero === undefined ? [] : candidateOf('gives nothing back', atBeginning(body, zero.leave, context))).map(
      (one) => ({
        ...one,
        ...(zero?.isTelling === true ? { kind: 'value' as const } : {}),
      }),
    ),
  ];
}

/** True for a body without braces: that of an arrow function, a lambda, or a method in one line. */
function isExpressionBody(body: Syntax, { rules }: RuleContext): boolean {
  if (rules.grammar === 'ruby') return body.type !== 'body_statement' && body.parent?.token('=') !== undefined;
  return !/^(?:statement_block|block|compound_statement|constructor_body)$/.test(body.type);
}

/** True for a function that does nothing, and for one that must not contain a stop because it runs at compile time. */
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

/** Inserts a statement at the beginning of a function's body. */
function atBeginning(body: Syntax, inserted: string, context: RuleContext): Candidate['edit'] | undefined {
  if (context.rules.grammar === 'python') {
    const first = statementsOf(body).find((statement) => regionOf(statement) !== 'docstring');
    return first === undefined ? undefined : putBefore(first, inserted, context);
  }
  if (context.rules.grammar === 'ruby') return putBefore(body, inserted, context);
  const called = body.children[0];
  // The call of another constructor must be the first statement of a constructor.
  if (called?.type === 'explicit_constructor_invocation')
    return { from: called.to, to: called.to, text: ` ${inserted}` };
  return putInside(body, inserted);
}

/** Returns the statement that returns nothing. In some languages, setters and constructors must return without a value. */
function emptyReturnOf(node: Syntax, { rules }: RuleContext): string | null {
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
/** Nodes that give a function a name, each with the field of the name. */
const NAME_FIELDS: ReadonlyMap<string, string> = new Map([
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

/** Returns the function's own name, or that of the variable, property or export to which it is assigned. */
export function nameOf(node: Syntax): string | undefined {
  const name = node.field('name') ?? declaratorName(node);
  if (name !== undefined) return nameWithClass(node, name);
  if (node.type === 'accessor_declaration') return nameOfHolder(node.parent?.parent ?? null);
  let inner = node;
  let holder = node.parent;
  while (holder !== null && WRAPPERS.has(holder.type)) {
    inner = holder;
    holder = holder.parent;
  }
  if (holder === null) return undefined;
  if (holder.type === 'export_statement') return 'default';
  const key = NAME_FIELDS.get(holder.type);
  const target = key === undefined ? undefined : holder.field(key);
  return target === undefined || target.from === inner.from || target.to - target.from > 80 ? undefined : target.text;
}

/** Puts the name of the class in front of a method's name. */
function nameWithClass(node: Syntax, name: Syntax): string | undefined {
  if (name.to - name.from > 80) return undefined;
  const classNode = node.parent?.parent;
  const isMethod = node.parent?.type === 'class_body' || classNode?.type === 'class_definition';
  const className = isMethod ? nameOfHolder(classNode ?? null) : undefined;
  return className === undefined ? name.text : `${className}.${name.text}`;
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
