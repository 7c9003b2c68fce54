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
  /** A spread argument: the call may pass more than the source shows. */
  isOpen: boolean;
  use: AnswerUse;
  /** A condition uses the result without awaiting it. */
  decides?: true;
}

/** Returns the last name of the called expression, and the text before it. */
export function calleeOf(node: Syntax): Pick<Call, 'name' | 'object'> | undefined {
  const own = node.type === 'method_invocation' ? node : (node.field('function') ?? node.field('constructor'));
  if (own === undefined) return undefined;
  if (own.type === 'identifier') return { name: own.text, object: '' };
  const name = ['property', 'attribute', 'field', 'name'].map((one) => own.field(one)).find((one) => one !== undefined);
  const object = ['object', 'operand', 'path', 'scope', 'value', 'argument']
    .map((one) => own.field(one))
    .find((one) => one !== undefined);
  if (name === undefined || name.to - name.from > 80) return undefined;
  return { name: name.text, object: object === undefined ? '' : object.text.slice(0, 200) };
}
