/**
 * The arguments of tool calls as they came on the wire: an SDK may give `{}` for what it cannot read, and a call that broke off would
 * run as one without arguments.
 */
import { isObject } from '../../domain/json';

/** A piece of the arguments of the call at this place in the answer. */
export interface ArgumentsPiece {
  at: number;
  id?: string | undefined;
  text: string;
}

export class CallArguments {
  #byId = new Map<string, string[]>();
  #idAt = new Map<number, string>();

  add({ at, id, text }: ArgumentsPiece): void {
    if (id !== undefined && id !== '') this.#idAt.set(at, id);
    const known = this.#idAt.get(at);
    if (known === undefined) return;
    const pieces = this.#byId.get(known);
    if (pieces === undefined) this.#byId.set(known, [text]);
    else pieces.push(text);
  }

  /** The text of a call's arguments; undefined where none was seen. */
  of(id: string): string | undefined {
    return this.#byId.get(id)?.join('');
  }
}

/** Of one piece of an answer in the form of OpenAI's chat completions. */
export function argumentsInChat(piece: unknown): ArgumentsPiece[] {
  const [choice] = listIn(piece, 'choices');
  const delta = isObject(choice) ? choice['delta'] : undefined;
  return listIn(delta, 'tool_calls').flatMap((call, place) => {
    if (!isObject(call)) return [];
    const { index, id } = call;
    const made = call['function'];
    const text = isObject(made) ? made['arguments'] : undefined;
    const at = typeof index === 'number' ? index : place;
    return [{ at, id: typeof id === 'string' ? id : undefined, text: typeof text === 'string' ? text : '' }];
  });
}

function listIn(value: unknown, member: string): unknown[] {
  const list = isObject(value) ? value[member] : undefined;
  return Array.isArray(list) ? (list as unknown[]) : [];
}
