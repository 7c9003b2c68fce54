/**
 * Collects the arguments of tool calls from the raw stream. An SDK may replace unreadable arguments with `{}`; without the raw text
 * an incomplete call would run as a call without arguments.
 */
import { isObject } from '../../domain/json';

/** A piece of the arguments of one tool call. */
export interface ArgumentsPiece {
  /** Position of the call in the answer. */
  position: number;
  id?: string | undefined;
  text: string;
}

export class CallArguments {
  #byId = new Map<string, string[]>();
  #idAt = new Map<number, string>();

  add({ position: at, id, text }: ArgumentsPiece): void {
    if (id !== undefined && id !== '') this.#idAt.set(at, id);
    const callId = this.#idAt.get(at);
    if (callId === undefined) return;
    const pieces = this.#byId.get(callId);
    if (pieces === undefined) this.#byId.set(callId, [text]);
    else pieces.push(text);
  }

  /** Returns the text of a call's arguments; undefined if the stream had none. */
  textOf(id: string): string | undefined {
    return this.#byId.get(id)?.join('');
  }
}

/** Reads the arguments in one chunk of an answer in the format of OpenAI's chat completions. */
export function argumentsInChat(chunk: unknown): ArgumentsPiece[] {
  const [choice] = listIn(chunk, 'choices');
  const delta = isObject(choice) ? choice['delta'] : undefined;
  return listIn(delta, 'tool_calls').flatMap((call, position) => {
    if (!isObject(call)) return [];
    const { index, id } = call;
    const calledFunction = call['function'];
    const text = isObject(calledFunction) ? calledFunction['arguments'] : undefined;
    const callPosition = typeof index === 'number' ? index : position;
    return [
      {
        position: callPosition,
        id: typeof id === 'string' ? id : undefined,
        text: typeof text === 'string' ? text : '',
      },
    ];
  });
}

function listIn(value: unknown, member: string): unknown[] {
  const list = isObject(value) ? value[member] : undefined;
  return Array.isArray(list) ? (list as unknown[]) : [];
}
