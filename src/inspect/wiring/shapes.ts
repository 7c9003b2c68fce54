/**
 * Reads which members an object, a class or an instance has, if the source shows all of them. Pure.
 */
import { createPauses } from '../pauses';
import { FUNCTIONS } from '../units/languages';
import type { Syntax } from '../units/syntax';

export interface Shape {
  name: string;
  kind: 'object' | 'class';
  members: string[];
  /** True if there may be members that the source does not show. */
  isOpen: boolean;
}
/** A variable of a module, and the class of its value. */
interface Instance {
  name: string;
  of: string;
}
export interface Shapes {
  shapes: Shape[];
  instances: Instance[];
  /** Names that functions bind. Inside these functions the name has another meaning. */
  inner: Set<string>;
}

export async function shapesIn(root: Syntax): Promise<Shapes> {
  const found: Shapes = { shapes: [], instances: [], inner: new Set() };
  const pause = createPauses();
  for (const node of root.walk()) {
    const due = pause();
    if (due !== undefined) await due;
    if (FUNCTIONS.has(node.type)) addParams(node, found.inner);
    if (/^class(?:_declaration|_definition)$/.test(node.type)) found.shapes.push(...classOf(node));
    if (/^(?:variable_declarator|assignment)$/.test(node.type)) addBound(node, found);
    if (/^(?:for_in_statement|for_statement|for_in_clause|catch_clause|as_pattern|named_expression)$/.test(node.type))
      addNames(node.field('left') ?? node.field('parameter') ?? node.field('alias') ?? node.field('name'), found.inner);
    const value = node.type === 'export_statement' ? node.field('value') : undefined;
    if (value?.type === 'object') found.shapes.push({ name: 'default', kind: 'object', ...membersOf(value) });
  }
  const { text } = root;
  for (const shape of found.shapes) if (text.includes(`${shape.name}.prototype`)) shape.isOpen = true;
  return found;
}

function addParams(node: Syntax, inner: Set<string>): void {
  addNames(node.field('parameters') ?? node.field('parameter'), inner);
}

function addNames(list: Syntax | undefined, inner: Set<string>): void {
  for (const [word] of (list?.text ?? '').slice(0, 2_000).matchAll(/[A-Za-z_$][\w$]*/g)) inner.add(word);
}

function addBound(node: Syntax, found: Shapes): void {
  const [name, value] = [node.field('name') ?? node.field('left'), node.field('value') ?? node.field('right')];
  if (
    name !== undefined &&
    name.type !== 'identifier' &&
    /pattern/.test(name.type) &&
    node.above(FUNCTIONS) !== undefined
  )
    addNames(name, found.inner);
  if (name?.type !== 'identifier' || value === undefined) return;
  if (node.above(FUNCTIONS) !== undefined) found.inner.add(name.text);
  else if (value.type === 'object') found.shapes.push({ name: name.text, kind: 'object', ...membersOf(value) });
  const made =
    value.type === 'new_expression'
      ? value.field('constructor')
      : value.type === 'call'
        ? value.field('function')
        : undefined;
  if (made?.type === 'identifier' && /^[A-Z]/.test(made.text)) found.instances.push({ name: name.text, of: made.text });
}

function membersOf(object: Syntax): Pick<Shape, 'members' | 'isOpen'> {
  let isOpen = false;
  const members = object.children.flatMap((one) => {
    const name = one.type === 'shorthand_property_identifier' ? one : (one.field('key') ?? one.field('name'));
    if (name === undefined || name.type === 'computed_property_name') isOpen = true;
    return name === undefined ? [] : [name.text.replace(/^['"]|['"]$/g, '')];
  });
  return { members, isOpen };
}

/** An assignment to a member of the instance; the group is the member. */
const SETS = /\b(?:this|self)\.([A-Za-z_$][\w$]*)\s?(?::[^=\n]{1,80})?=(?!=)/g;
/** Code that adds members which the source does not show. */
const ADDS_MEMBERS = /__getattr|\bsetattr\(|Object\.(?:assign|define\w+)\(\s?this\b|\bthis\[|__dict__|\bProxy\b/;

function classOf(node: Syntax): Shape[] {
  const name = node.field('name')?.text;
  const body = node.field('body');
  if (name === undefined || body === undefined) return [];
  const hasParentClass =
    node.field('superclasses') !== undefined || node.children.some(({ type }) => type === 'class_heritage');
  const isDecorated =
    node.parent?.type === 'decorated_definition' || node.children.some(({ type }) => type === 'decorator');
  const declared = body.children.flatMap((one) => {
    const held = one.type === 'decorated_definition' ? (one.field('definition') ?? one) : one;
    const bound = held.type === 'expression_statement' ? held.children[0]?.field('left') : undefined;
    return (held.field('name') ?? held.field('property') ?? bound)?.text ?? [];
  });
  const assigned = [...body.text.matchAll(SETS)].map(([, member = '']) => member);
  return [
    {
      name,
      kind: 'class',
      members: [...declared, ...assigned],
      isOpen: hasParentClass || isDecorated || ADDS_MEMBERS.test(body.text),
    },
  ];
}
