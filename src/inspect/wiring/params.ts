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
    const called = body === undefined ? [] : calledOn(body, name.text);
    return [
      {
        name: name.text,
        at: place,
        called,
        read: body === undefined ? [] : readOn(body, name.text),
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
    const called = body === undefined ? [] : calledOn(body, name.text);
    return [{ name: name.text, at: -1, called, read: [], ofObject: at, ...own }];
  });
}

function calledOn(body: Syntax, name: string): string[] {
  const found = new Set<string>();
  for (const node of body.walk()) {
    const own = node.type === 'call_expression' || node.type === 'call' ? node.field('function') : undefined;
    if (own === undefined || !/^(?:member_expression|attribute)$/.test(own.type)) continue;
    if (own.field('object')?.text !== name || /\?\./.test(own.text)) continue;
    const member = own.field('property') ?? own.field('attribute');
    if (member !== undefined && /^\w+$/.test(member.text)) found.add(member.text);
  }
  return [...found];
}

function readOn(body: Syntax, name: string): string[] {
  const found = new Set<string>();
  for (const node of body.walk()) {
    if (node.type !== 'member_expression' || node.field('object')?.text !== name) continue;
    const member = node.field('property')?.text ?? '';
    if (/^\w+$/.test(member) && node.parent?.type !== 'call_expression') found.add(member);
  }
  return [...found];
}
