/**
 * Decides whether a function is pure: it assigns only its own names, calls only pure functions, and throws nothing.
 * Pure.
 *
 * Everything unknown counts as an effect.
 */
import type { Syntax } from '../units/syntax';
import { FUNCTIONS } from '../units/languages';
import { CALLS, calleeOf } from './calls';
import type { Call } from './calls';

/** Statements and expressions with effects. */
const EFFECT_NODE =
  /^(?:throw_(?:statement|expression)|raise_statement|yield|yield_expression|await|await_expression|assert_statement|delete_(?:statement|expression)|go_statement|defer_statement|send_statement|global_statement|nonlocal_statement|new_expression|object_creation_expression|unsafe_block|exec_statement|with_statement|synchronized_statement|pointer_expression)$/;
const ASSIGNMENT_NODE =
  /^(?:assignment|augmented_assignment|assignment_expression|augmented_assignment_expression|assignment_statement|compound_assignment_expr|update_expression|inc_statement|dec_statement)$/;
/** Functions and methods of the languages that have no effect. */
const PURE_CALLS = new Set(
  (
    'map filter reduce reduceRight some every find findIndex findLast flatMap flat slice concat join split trim trimStart trimEnd ' +
    'toFixed toUpperCase toLowerCase upper lower strip indexOf lastIndexOf includes startsWith endsWith startswith endswith padStart ' +
    'padEnd repeat replace replaceAll charAt charCodeAt at keys values entries items fromEntries floor ceil round trunc abs min max ' +
    'pow sqrt sign parseInt parseFloat Number String Boolean BigInt isInteger isNaN isFinite isArray toString valueOf len sum int ' +
    'str float bool sorted range enumerate zip list dict tuple set any all reversed divmod isinstance get getOrDefault has contains ' +
    'iter into_iter collect fold cloned copied unwrap_or floorDiv intValue longValue doubleValue size length isEmpty is_empty stream ' +
    'mapToInt mapToLong mapToDouble equals compareTo Sprintf Itoa make cap saturating_sub saturating_mul saturating_add stringify format count'
  ).split(' '),
);
/** Methods that change their object. */
const CHANGING_METHOD = /^(?:push|append|add|set|put|sort|extend|insert|unshift|pop)$/;
/** Macros of Rust without effects. */
const PURE_MACRO = /^(?:vec|format|matches)!/;

export function effectOf(node: Syntax): 'none' | 'some' {
  const body = node.field('body');
  if (body === undefined || !returnsValue(node, body)) return 'some';
  const own = ownNames(node, body);
  for (const one of body.walk()) {
    if (EFFECT_NODE.test(one.type)) return 'some';
    if (one.type === 'macro_invocation' && !PURE_MACRO.test(one.text)) return 'some';
    if (ASSIGNMENT_NODE.test(one.type) && !own.has(rootOf(one))) return 'some';
    if (!CALLS.has(one.type)) continue;
    const callee = calleeOf(one);
    if (callee === undefined) return 'some';
    if (callee.object !== '' && CHANGING_METHOD.test(callee.name) && !own.has(callee.object)) return 'some';
  }
  return 'none';
}

/** Returns the calls of functions that are not known to be pure. */
export function callsIn(body: Syntax): Array<Pick<Call, 'name' | 'object'>> {
  return [...body.walk()].flatMap((one) => {
    const callee = CALLS.has(one.type) ? calleeOf(one) : undefined;
    const isKnown =
      callee === undefined ||
      PURE_CALLS.has(callee.name) ||
      (callee.object !== '' && CHANGING_METHOD.test(callee.name));
    return isKnown ? [] : [callee];
  });
}

function returnsValue(node: Syntax, body: Syntax): boolean {
  if (node.type === 'arrow_function' && body.type !== 'statement_block') return true;
  for (const one of body.walk((below) => !FUNCTIONS.has(below.type))) {
    if (/^return_(?:statement|expression)$/.test(one.type) && one.children.length > 0) return true;
  }
  const last = body.children.at(-1);
  return (
    node.type === 'function_item' &&
    node.field('return_type') !== undefined &&
    last !== undefined &&
    !/_statement$|_declaration$/.test(last.type)
  );
}

/** Returns the names that the function binds itself. Its parameters do not count: their contents belong to the caller. */
function ownNames(node: Syntax, body: Syntax): Set<string> {
  const names = new Set<string>();
  const isPython = node.type === 'function_definition' && body.type === 'block';
  for (const one of body.walk()) {
    const isBinding =
      /^(?:variable_declarator|short_var_declaration|range_clause|let_declaration|init_declarator|var_spec|for_in_statement|enhanced_for_statement)$/.test(
        one.type,
      ) ||
      (isPython && /^(?:assignment|for_statement)$/.test(one.type));
    if (!isBinding) continue;
    const bound = ['name', 'left', 'pattern', 'declarator']
      .map((key) => one.field(key))
      .find((found) => found !== undefined);
    if (bound === undefined || /^(?:subscript|attribute|member_expression|subscript_expression)$/.test(bound.type))
      continue;
    for (const [word] of bound.text.slice(0, 200).matchAll(/[\w$]+/g)) names.add(word);
  }
  return names;
}

/** Returns the variable that an assignment changes: `sum` of `sum += 1` and of `sum.a[0] = 1`. */
function rootOf(assignment: Syntax): string {
  const left = assignment.field('left') ?? assignment.field('argument') ?? assignment.children[0];
  return /^[\w$]+/.exec(left?.text ?? '')?.[0] ?? '';
}
