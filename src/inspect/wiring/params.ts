/**
 * Reads the parameters of a function: names, defaults, and the members that the function uses. Pure.
 */
import type { Syntax } from '../units/syntax';

export interface Param {
  name: string;
  /** Counts from 0; -1 for members of an options object and for keyword-only parameters. */
  at: number;
  /** The text of the default; undefined if there is none. */
  default?: string;
  /** Members that the function calls without checking that they exist. */
  called: string[];
  /** Members that the function reads. */
  read: string[];
  /** For a member of an options object: the position of that object. */
  ofObject?: number;
}

export function paramsOf(node: Syntax): Param[] {
  const list = node.field('parameters') ?? node.field('parameter') ?? node.field('declarator')?.field('parameters');
  if (list === undefined) return [];
  const body = node.field('body');
  const nodes = list.type === 'identifier' ? [list] : list.children.filter(({ text }) => !/^(?:self|cls)$/.test(text));
  let isKeywordOnly = false;
  let at = -1;
  return nodes.flatMap((one): Param[] => {
    if (one.type === 'keyword_separator') isKeywordOnly = true;
    if (/separator|^comment$|rest_pattern|splat_pattern/.test(one.type)) return [];
    at += 1;
    const place = isKeywordOnly ? -1 : at;
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

/** Reads the members of a pattern such as `{ discount = false, other }`. */
function membersOf(pattern: Syntax, at: number, body: Syntax | undefined): Param[] {
  return pattern.children.flatMap((one): Param[] => {
    const name = one.type === 'object_assignment_pattern' ? one.field('left') : one;
    const value = one.field('right');
    if (name === undefined || !/identifier/.test(name.type)) return [];
    const preset = value === undefined ? { default: 'undefined' } : { default: value.text.slice(0, 80) };
    const called = [...usesIn(body, name.text).called];
    return [{ name: name.text, at: -1, called, read: [], ofObject: at, ...preset }];
  });
}

interface Uses {
  called: Set<string>;
  read: Set<string>;
}

const USES = new WeakMap<Syntax, Map<string, Uses>>();

/** Returns how a function uses a name. A body is walked once for all parameters. */
function usesIn(body: Syntax | undefined, name: string): Uses {
  const none = { called: new Set<string>(), read: new Set<string>() };
  if (body === undefined) return none;
  const known = USES.get(body) ?? usesOf(body);
  USES.set(body, known);
  return known.get(name) ?? none;
}

function usesOf(body: Syntax): Map<string, Uses> {
  const found = new Map<string, Uses>();
  const usesOfName = (name: string): Uses => {
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
        usesOfName(object.text).called.add(member.text);
    }
    if (node.type !== 'member_expression' || node.parent?.type === 'call_expression') continue;
    const member = node.field('property')?.text ?? '';
    const object = node.field('object');
    if (object?.type === 'identifier' && /^\w+$/.test(member)) usesOfName(object.text).read.add(member);
  }
  return found;
}
