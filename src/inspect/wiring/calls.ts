/**
 * Calls as they stand in a source: the name that is called, what is given, what becomes of the answer. Pure.
 */
import type { Syntax } from '../units/syntax';
import type { AnswerUse } from './answer-use';

export const CALLS: ReadonlySet<string> = new Set(['call_expression', 'call', 'method_invocation', 'new_expression']);

export interface Call {
  name: string;
  /** What stands before the name, as `mailer` of `mailer.send()`; empty where there is nothing. */
  object: string;
  line: number;
  args: Array<{ name?: string; text: string }>;
  /** Arguments that are spread: more may be given than is seen. */
  isOpen: boolean;
  use: AnswerUse;
  /** The answer, as it comes, decides what runs. */
  decides?: true;
}

/** The last name of what is called, and what stands before it. */
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
