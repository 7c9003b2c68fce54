/**
 * Tells what happens to the result of a call: code uses it, drops it, or binds it to a name that no code reads. Pure.
 */
import { FUNCTIONS } from '../units/languages';
import type { Syntax } from '../units/syntax';
import { isInner, scopeOf } from './scopes';

export type AnswerUse = 'used' | 'dropped' | { unread: string };

/** Nodes that only wrap a result. */
const TRANSPARENT = new Set(['await_expression', 'await', 'parenthesized_expression', 'try_expression']);
const ASSIGNMENT = new Set(['assignment', 'assignment_expression', 'assignment_statement', 'short_var_declaration']);

export function answerUse(call: Syntax, path: string): AnswerUse {
  let node = call;
  while (node.parent !== null && TRANSPARENT.has(node.parent.type)) node = node.parent;
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
  /** The node of the name in the statement that binds it. */
  target: Syntax;
  /** The statement that binds the name. */
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

/** True if code reads the name, or if that is not certain. */
function isRead({ name, target, statement }: Binding, path: string): boolean {
  if (statement.parent?.type === 'export_statement') return true;
  const scope = target.above(FUNCTIONS);
  const isTopLevel = scope === undefined;
  if (isTopLevel && !/\.[cm]?[jt]sx?$|(^|\/)__main__\.py$/.test(path)) return true;
  const whole = scope ?? rootOf(statement);
  const { readsAll, outer, bound } = scopeOf(whole);
  if (readsAll || outer.has(name)) return true;
  // Other functions may read a name from outside the function.
  if (!isTopLevel && ASSIGNMENT.has(target.parent?.type ?? '') && !bound.has(name) && !path.endsWith('.py'))
    return true;
  const reads = readsOf(whole, name);
  if (reads.length === 0 || reads.some((one) => isInner(one, whole))) return reads.length > 0;
  const first = reads.find((one) => one.from >= statement.to && one.to <= (statement.parent?.to ?? 0));
  const reassignment = nextAssignment(whole, name, statement);
  return reassignment === undefined || (first !== undefined && first.from < reassignment.from);
}

function rootOf(node: Syntax): Syntax {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}

/** Returns the first later statement of the same block that assigns the name again. */
function nextAssignment(whole: Syntax, name: string, { parent, to }: Syntax): Syntax | undefined {
  return scopeOf(whole)
    .named.get(name)
    ?.flatMap((one): Syntax[] => {
      const set = one.parent?.type === 'expression_list' ? one.parent.parent : one.parent;
      const assignment = set?.parent?.type === 'expression_statement' ? set.parent : set;
      return assignment == null || assignment.from < to || assignment.parent !== parent ? [] : [assignment];
    })
    .find((one) => isReassigned(one, whole, name));
}

/** True for `due = total(items)`: the new value does not come from the old one. */
function isReassigned(statement: Syntax, whole: Syntax, name: string): boolean {
  const set = statement.type === 'expression_statement' ? statement.children[0] : statement;
  if (set === undefined || !ASSIGNMENT.has(set.type) || set.type === 'short_var_declaration') return false;
  const left = set.field('left');
  const isNoUpdate = !/^\s*(?:[-+*/%&|^<>?]|\*\*|\/\/)+=/.test(set.text.slice((left?.to ?? set.from) - set.from));
  const right = set.field('right') ?? set;
  return left?.text === name && isNoUpdate && !readsOf(whole, name).some((one) => isBelow(one, right));
}

function isBelow({ from, to }: Syntax, node: Syntax): boolean {
  return from >= node.from && to <= node.to;
}

const READS = new WeakMap<Syntax, Map<string, Syntax[]>>();

/** Returns the reads in the order of the text. */
function readsOf(whole: Syntax, name: string): Syntax[] {
  const readsByName = READS.get(whole) ?? new Map<string, Syntax[]>();
  READS.set(whole, readsByName);
  const { readers, filled } = scopeOf(whole);
  const found =
    readsByName.get(name) ??
    [
      ...(readers.get(name) ?? []).filter((one) => !isOnlyNamed(one)),
      ...filled.flatMap(({ node, text }) => (text.includes(`{${name}`) ? [node] : [])),
    ].sort((one, other) => one.from - other.from);
  readsByName.set(name, found);
  return found;
}

/** True if the node does not read the name: another object's member, an assignment target, or a dropped value. */
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
