/**
 * Reads a call of a source: its name, its arguments, and the use of its result. Pure.
 */
import type { Syntax } from '../units/syntax';
import type { AnswerUse } from './answer-use';

export const CALLS: ReadonlySet<string> = new Set(['call_expression', 'call', 'method_invocation', 'new_expression']);

export interface Call {
  name: string;
  /** The text before the name, as `mailer` in `mailer.send()`; empty if there is none. */
  object: string;
  line: number;
  args: Array<{ name?: string; text: string }>;
  /** True for a spread argument: the call may pass more than the source shows. */
  isOpen: boolean;
  use: AnswerUse;
  /** Set if a condition uses the result without awaiting it. */
  decides?: true;
}

/** Returns the last name of the called expression, and the text before it. */
export function calleeOf(node: Syntax): Pick<Call, 'name' | 'object'> | undefined {
  const callee = node.type === 'method_invocation' ? node : (node.field('function') ?? node.field('constructor'));
  if (callee === undefined) return undefined;
  if (callee.type === 'identifier') return { name: callee.text, object: '' };
  const name = ['property', 'attribute', 'field', 'name']
    .map((key) => callee.field(key))
    .find((field) => field !== undefined);
  const object = ['object', 'operand', 'path', 'scope', 'value', 'argument']
    .map((key) => callee.field(key))
    .find((field) => field !== undefined);
  if (name === undefined || name.to - name.from > 80) return undefined;
  return { name: name.text, object: object === undefined ? '' : object.text.slice(0, 200) };
}
