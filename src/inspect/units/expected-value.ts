/**
 * Changes an expected value: the first literal in it becomes another literal; an empty list gets a member.
 *
 * Only literals and containers of literals are read: a literal within a call can mean anything.
 */
import type { Edit } from '../../domain/experiments/units';
import type { Grammar } from './grammars';
import { isScript } from './languages';
import { NUMBERS, BOOLEANS, STRINGS, otherLiteral } from './literals';
import type { Syntax } from './syntax';

const CONTAINERS: ReadonlySet<string> = new Set([
  ...['array', 'object', 'list', 'tuple', 'dictionary', 'set', 'hash', 'parenthesized_expression', 'unary_expression'],
  ...['unary_operator', 'unary', 'as_expression', 'satisfies_expression', 'array_creation_expression', 'argument'],
  ...[
    'array_initializer',
    'composite_literal',
    'literal_value',
    'literal_element',
    'initializer_list',
    'expression_list',
  ],
  ...['array_expression', 'tuple_expression', 'reference_expression', 'unary_op_expression', 'collection_expression'],
  ...['prefix_unary_expression', 'initializer_expression', 'implicit_array_creation_expression'],
]);
const PAIRS: ReadonlySet<string> = new Set(['pair', 'keyed_element', 'array_element_initializer']);
/** Types of null values. */
const NULLS: ReadonlySet<string> = new Set(['null', 'none', 'nil', 'undefined']);
const MAX_DEPTH = 12;

/** Returns the edit that changes an expected value; undefined if it has no literal. */
export function otherValue(node: Syntax, grammar: Grammar, depth = 0): Edit | undefined {
  if (depth > MAX_DEPTH || node.type === 'regex') return undefined;
  if (NUMBERS.has(node.type) || BOOLEANS.has(node.type) || STRINGS.has(node.type)) return otherLiteral(node);
  const hasDynamicTypes = isScript(grammar) || grammar === 'python' || grammar === 'ruby' || grammar === 'php';
  if (NULLS.has(node.type) || (isScript(grammar) && node.text === 'undefined')) {
    return hasDynamicTypes ? { from: node.from, to: node.to, text: '1' } : undefined;
  }
  if (PAIRS.has(node.type)) {
    const value = node.field('value') ?? node.children.at(-1);
    return value === undefined ? undefined : otherValue(value, grammar, depth + 1);
  }
  if (!CONTAINERS.has(node.type)) return undefined;
  if (node.children.length === 0) return filledContainer(node, grammar);
  for (const child of node.children) {
    const edit = otherValue(child, grammar, depth + 1);
    if (edit !== undefined) return edit;
  }
  return undefined;
}

function filledContainer(node: Syntax, grammar: Grammar): Edit | undefined {
  const text = FILLED.get(`${isScript(grammar) ? 'script' : grammar} ${node.type}`);
  return text === undefined ? undefined : { from: node.from, to: node.to, text };
}

/** Containers with one member, by language and type of the empty container. */
const FILLED: ReadonlyMap<string, string> = new Map([
  ['script array', '["_broken"]'],
  ['script object', '{ _broken: 1 }'],
  ['python list', '["_broken"]'],
  ['python tuple', '("_broken",)'],
  ['python dictionary', '{"_broken": 1}'],
  ['ruby array', '["_broken"]'],
  ['ruby hash', '{ "_broken" => 1 }'],
  ['php array_creation_expression', '["_broken"]'],
]);
