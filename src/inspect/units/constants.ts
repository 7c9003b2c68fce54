/**
 * Breaks constants: numbers, booleans, strings and markup texts that are values of the program.
 *
 * These are no units: keys, import sources, case labels in compiled languages, and names of styles or elements.
 */
import type { RuleContext, Candidate } from './candidate';
import { isScript } from './languages';
import { BOOLEANS, NUMBERS, STRINGS, otherLiteral, saysLiteral } from './literals';
import type { Syntax } from './syntax';

export function breaksOfConstant(node: Syntax, context: RuleContext): Candidate[] {
  if (!context.lines.has(node.line) && !(STRINGS.has(node.type) && node.touches(context.lines))) return [];
  if (node.type === 'jsx_text') return breaksOfText(node);
  if (!NUMBERS.has(node.type) && !BOOLEANS.has(node.type) && !STRINGS.has(node.type)) return [];
  if (isNotAValue(node, context)) return [];
  const edit = otherLiteral(node);
  return edit === undefined ? [] : [{ line: node.line, kind: 'constant', says: saysLiteral(node, edit), edit }];
}

function breaksOfText(node: Syntax): Candidate[] {
  const bare = node.text.trimEnd();
  if (!/\p{L}|\d/u.test(bare)) return [];
  const at = node.from + bare.length;
  return [
    {
      line: node.line,
      kind: 'constant',
      says: `${bare.trim().slice(0, 50)}: another text`,
      edit: { from: at, to: at, text: '_broken' },
    },
  ];
}

/** Types of the nodes in which a literal is a label or a part of a type. */
const LABELS: ReadonlySet<string> = new Set([
  'switch_label',
  'match_pattern',
  'constant_pattern',
  'expression_case',
  'case_statement',
  'range_expression',
  'attribute_argument',
  'bitfield_clause',
  'array_declarator',
  'enumerator',
  'static_assert_declaration',
  'linkage_specification',
]);
/** Attributes of markup that no test reads. */
const UNREAD_ATTRIBUTES = /^(?:class|className|classList|id|key|style|htmlFor|for|rel|target|type|data-[\w-]+|css|sx)$/;

/** True for a literal that is no value of the program, such as a key or a label. */
function isNotAValue(node: Syntax, { rules }: RuleContext): boolean {
  const holder = node.parent;
  if (holder === null) return true;
  if (isKey(node, holder)) return true;
  if (isScript(rules.grammar)) return isMarkupName(holder);
  if (rules.grammar === 'python')
    return holder.type === 'concatenated_string' && holder.parent?.type === 'expression_statement';
  if (rules.isDynamic) return false;
  if (holder.type === 'while_statement' || holder.parent?.type === 'while_statement') return BOOLEANS.has(node.type);
  return isLabel(node);
}

function isKey(node: Syntax, holder: Syntax): boolean {
  if (holder.type === 'pair' || holder.type === 'array_element_initializer') {
    return holder.children.length > 1 && holder.children[0]?.from === node.from;
  }
  if (holder.type === 'literal_element') return holder.isField('key');
  return holder.type === 'enum_assignment' || node.isField('name') || holder.type === 'field_declaration';
}

function isMarkupName(holder: Syntax): boolean {
  const attribute = holder.type === 'jsx_expression' ? holder.parent : holder;
  if (attribute?.type !== 'jsx_attribute') return false;
  return UNREAD_ATTRIBUTES.test(attribute.children[0]?.text ?? '');
}

/** True for labels, which must differ from each other, and for array sizes, which are part of types. */
function isLabel(node: Syntax): boolean {
  for (let above = node.parent, depth = 0; above !== null && depth < 3; above = above.parent, depth += 1) {
    if (!LABELS.has(above.type)) continue;
    if (above.type !== 'expression_case' && above.type !== 'case_statement') return true;
    return node.isField('value') || above.field('value')?.to === node.to;
  }
  return false;
}
