/**
 * What becomes of the answer of a call: it is used, dropped where it stands, or bound to a name that is not read. Pure.
 */
import { FUNCTIONS } from '../units/languages';
import type { Syntax } from '../units/syntax';

export type AnswerUse = 'used' | 'dropped' | { unread: string };

const AROUND = new Set(['await_expression', 'await', 'parenthesized_expression', 'try_expression']);
const ASSIGNMENT = new Set(['assignment', 'assignment_expression', 'assignment_statement', 'short_var_declaration']);
/** Names that read all others of a function. */
const READS_ALL = /\b(?:locals|eval|exec|vars|arguments|compact|get_defined_vars)\s?\(/;

export function answerUse(call: Syntax, path: string): AnswerUse {
  let node = call;
  while (node.parent !== null && AROUND.has(node.parent.type)) node = node.parent;
  const holder = node.parent;
  if (holder === null) return 'used';
  if (holder.type === 'expression_statement') return 'dropped';
  if (holder.type === 'cast_expression' && holder.field('type')?.text === 'void') return 'dropped';
  if (holder.type === 'unary_expression' && holder.token('void') !== undefined)
    return holder.parent?.type === 'expression_statement' ? 'dropped' : 'used';
  const binding = bindingOf(node);
  if (binding === undefined) return 'used';
  if (binding.name === '_') return 'dropped';
  return isRead(binding, path) ? 'used' : { unread: binding.name };
}

interface Binding {
  name: string;
  /** The name where it is bound. */
  target: Syntax;
  /** The statement. */
  statement: Syntax;
}

function bindingOf(value: Syntax): Binding | undefined {
  let node = value;
  if (node.parent?.type === 'expression_list' && node.parent.children.length === 1) node = node.parent;
  const holder = node.parent;
  if (holder === null) return undefined;
  const key = ['name', 'left', 'pattern', 'declarator'].find((one) => holder.field(one) !== undefined);
  let target = key === undefined ? undefined : holder.field(key);
  const isBinding =
    ASSIGNMENT.has(holder.type) || /^(?:variable_declarator|let_declaration|init_declarator)$/.test(holder.type);
  if (target === undefined || !isBinding || target.from === node.from) return undefined;
  if (target.type === 'expression_list' && target.children.length === 1) target = target.children[0] ?? target;
  if (holder.token('+=', '-=', '*=', '/=', '||=', '&&=', '??=') !== undefined) return undefined;
  const isName = target.type === 'identifier' || target.text === '_';
  if (!isName) return undefined;
  let statement = holder;
  while (
    statement.parent !== null &&
    /^(?:lexical_declaration|variable_declaration|local_variable_declaration|declaration|expression_statement)$/.test(
      statement.parent.type,
    )
  )
    statement = statement.parent;
  return { name: target.text, target, statement };
}

/** At least where it is not certain. */
function isRead({ name, target, statement }: Binding, path: string): boolean {
  if (statement.parent?.type === 'export_statement') return true;
  const scope = target.above(FUNCTIONS);
  const isModule = scope === undefined;
  if (isModule && !/\.[cm]?[jt]sx?$|(^|\/)__main__\.py$/.test(path)) return true;
  let whole = scope;
  if (whole === undefined) {
    whole = statement;
    while (whole.parent !== null) whole = whole.parent;
  }
  if (READS_ALL.test(whole.text) || isOfOuter(whole, name)) return true;
  // A name that is bound outside of the function, and only set here, is read by others.
  if (!isModule && ASSIGNMENT.has(target.parent?.type ?? '') && !isBoundIn(whole, name) && !path.endsWith('.py'))
    return true;
  const inner = [...whole.walk()].filter((one) => one !== whole && FUNCTIONS.has(one.type));
  if (inner.some((one) => readsIn(one, name) > 0)) return true;
  const block = statement.parent;
  const later = (block?.children ?? []).filter(({ from }) => from >= statement.to);
  for (const one of later) {
    if (isSetAnew(one, name)) return false;
    if (readsIn(one, name) > 0) return true;
  }
  return readsIn(whole, name) > 0;
}

function isOfOuter(scope: Syntax, name: string): boolean {
  return [...scope.walk()].some(
    ({ type, text }) => /^(?:global|nonlocal)_statement$/.test(type) && new RegExp(`\\b${name}\\b`).test(text),
  );
}

function isBoundIn(scope: Syntax, name: string): boolean {
  return [...scope.walk()].some((one) => {
    if (
      !/^(?:variable_declarator|let_declaration|init_declarator|short_var_declaration|var_spec|declaration)$/.test(
        one.type,
      )
    )
      return false;
    const bound = ['name', 'left', 'pattern', 'declarator']
      .map((key) => one.field(key))
      .find((found) => found !== undefined);
    return bound !== undefined && new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(bound.text);
  });
}

/** `due = total(items)`, where the new value does not come from the old one. */
function isSetAnew(statement: Syntax, name: string): boolean {
  const set = statement.type === 'expression_statement' ? statement.children[0] : statement;
  if (set === undefined || !ASSIGNMENT.has(set.type) || set.type === 'short_var_declaration') return false;
  const left = set.field('left');
  const isPlain = !/^\s*(?:[-+*/%&|^<>?]|\*\*|\/\/)+=/.test(set.text.slice((left?.to ?? set.from) - set.from));
  return left?.text === name && isPlain && readsIn(set.field('right') ?? set, name) === 0;
}

function readsIn(node: Syntax, name: string): number {
  let count = 0;
  for (const one of node.walk()) {
    if (/string|template/.test(one.type) && one.children.length === 0 && one.text.includes(`{${name}`)) count += 1;
    if (!/^(?:identifier|shorthand_property_identifier|jsx_identifier)$/.test(one.type) || one.text !== name) continue;
    if (!isOnlyNamed(one)) count += 1;
  }
  return count;
}

/** The name of something else, a place that is set, or a value that goes nowhere. */
function isOnlyNamed(node: Syntax): boolean {
  let one = node;
  const parent = one.parent;
  if (parent === null) return true;
  if (parent.type === 'keyword_argument' && node.isField('name')) return true;
  if (/^(?:attribute|field_access)$/.test(parent.type) && (node.isField('attribute') || node.isField('field')))
    return true;
  if (parent.type === 'method_invocation' && node.isField('name')) return true;
  if (parent.type === 'delete_statement') return true;
  if (parent.type === 'expression_list' && parent.children.length === 1) one = parent;
  const holder = one.parent;
  if (holder === null) return true;
  if (holder.type === 'expression_statement') return true;
  // `(void)due` of C.
  if (holder.type === 'cast_expression' && holder.field('type')?.text === 'void') return true;
  if (holder.type === 'unary_expression' && holder.token('void') !== undefined)
    return holder.parent?.type === 'expression_statement';
  const isTarget = ['left', 'name', 'pattern', 'declarator'].some((key) => one.isField(key));
  if (isTarget && (ASSIGNMENT.has(holder.type) || /declarator|let_declaration/.test(holder.type))) return true;
  // `_ = due`, `let _ = due`.
  const target = holder.field('left') ?? holder.field('pattern');
  return target?.text === '_';
}
