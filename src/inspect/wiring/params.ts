/**
 * The parameters of a function: their names, what they are where nobody gives them, and which of their members are called. Pure.
 */
import type { Syntax } from '../units/syntax';

export interface Param {
  name: string;
  /** From 0; -1 for members of an options object and for what is given by name only. */
  at: number;
  /** As it is written; undefined where there is none. */
  default?: string;
  /** Members that the function calls without asking whether they are there. */
  called: string[];
  /** Members that it reads. */
  read: string[];
  /** Where the parameter is a member of an object: the place of that object. */
  ofObject?: number;
}

export function paramsOf(node: Syntax): Param[] {
  const list = node.field('parameters') ?? node.field('parameter') ?? node.field('declarator')?.field('parameters');
  if (list === undefined) return [];
  const body = node.field('body');
  const own = list.type === 'identifier' ? [list] : list.children.filter(({ text }) => !/^(?:self|cls)$/.test(text));
  let isByName = false;
  let at = -1;
  return own.flatMap((one): Param[] => {
    if (one.type === 'keyword_separator') isByName = true;
    if (/separator|^comment$|rest_pattern|splat_pattern/.test(one.type)) return [];
    at += 1;
    const place = isByName ? -1 : at;
    const pattern = patternOf(one);
    if (pattern?.type === 'object_pattern') return membersOf(pattern, at, body);
    const name =
      one.type === 'identifier'
        ? one
        : (one.field('name') ?? one.field('left') ?? one.field('pattern') ?? one.field('declarator'));
    if (name?.type !== 'identifier') return [];
    const value = one.field('value') ?? one.field('right');
    const uses = usesIn(body, name.text);
    return [
      {
        name: name.text,
        at: place,
        called: [...uses.called],
        read: [...uses.read],
        ...(value === undefined ? {} : { default: value.text.slice(0, 80) }),
      },
    ];
  });
}

function patternOf(one: Syntax): Syntax | undefined {
  if (one.type === 'object_pattern') return one;
  return one.field('left') ?? one.field('pattern');
}

/** `{ discount = false, other }`. */
function membersOf(pattern: Syntax, at: number, body: Syntax | undefined): Param[] {
  return pattern.children.flatMap((one): Param[] => {
    const name = one.type === 'object_assignment_pattern' ? one.field('left') : one;
    const value = one.field('right');
    if (name === undefined || !/identifier/.test(name.type)) return [];
    const own = value === undefined ? { default: 'undefined' } : { default: value.text.slice(0, 80) };
    const called = [...usesIn(body, name.text).called];
    return [{ name: name.text, at: -1, called, read: [], ofObject: at, ...own }];
  });
}

interface Uses {
  called: Set<string>;
  read: Set<string>;
}

const USES = new WeakMap<Syntax, Map<string, Uses>>();

/** What a function does with a name; a body is walked once for all of its parameters. */
function usesIn(body: Syntax | undefined, name: string): Uses {
  const none = { called: new Set<string>(), read: new Set<string>() };
  if (body === undefined) return none;
  const known = USES.get(body) ?? usesOf(body);
  USES.set(body, known);
  return known.get(name) ?? none;
}

function usesOf(body: Syntax): Map<string, Uses> {
  const found = new Map<string, Uses>();
  const of = (name: string): Uses => {
    const uses = found.get(name) ?? { called: new Set(), read: new Set() };
    found.set(name, uses);
    return uses;
  };
  for (const node of body.walk()) {
    const own = node.type === 'call_expression' || node.type === 'call' ? node.field('function') : undefined;
    if (own !== undefined && /^(?:member_expression|attribute)$/.test(own.type) && !/\?\./.test(own.text)) {
      const member = own.field('property') ?? own.field('attribute');
      const object = own.field('object');
      if (object?.type === 'identifier' && member !== undefined && /^\w+$/.test(member.text))
        of(object.text).called.add(member.text);
    }
    if (node.type !== 'member_expression' || node.parent?.type === 'call_expression') continue;
    const member = node.field('property')?.text ?? '';
    const object = node.field('object');
    if (object?.type === 'identifier' && /^\w+$/.test(member)) of(object.text).read.add(member);
  }
  return found;
}
