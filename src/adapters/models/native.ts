/**
 * A model's turn as it is stored and goes back to the same model: the SDK's own parts, as JSON.
 */
import { isObject } from '../../domain/json';
import type { NativeTurn, ToolCall } from '../../ports/model';
import { COMMON_ID } from './call-ids';
import { sendableName } from './messages';
import { wholeCharacters } from './text';

interface Stored {
  /** `provider:id`. */
  model: string;
  parts: unknown[];
  /** The calls of the turn, in order, with the ids that they have now. */
  toolCalls: ToolCall[];
  /** Moves what the SDK reads under another name than it writes. */
  restore?: ((part: Record<string, unknown>) => Record<string, unknown>) | undefined;
}

/** Undefined where the turn has nothing that text and calls do not say. */
export function nativeTurn({ model, parts, toolCalls, restore }: Stored): NativeTurn | undefined {
  const json = JSON.parse(JSON.stringify(parts)) as unknown[];
  const calls = toolCalls.values();
  const content = json.filter(isObject).map((part) => {
    const restored = restore?.(part) ?? part;
    if (part['type'] !== 'tool-call') return restored;
    const call = calls.next().value;
    return {
      ...restored,
      toolCallId: call?.id,
      toolName: sendableName(String(part['toolName'])),
      input: call?.input ?? {},
    };
  });
  const isPlain = content.every((part) => part['providerOptions'] === undefined && part['type'] !== 'reasoning');
  // An id of a form that other providers refuse goes back to its own as it is.
  const isCommon = toolCalls.every(({ id }) => COMMON_ID.test(id));
  return isPlain && isCommon ? undefined : { model, content };
}

/** Calls whose ids and names may go out again. */
export function renamed(calls: ToolCall[], ids: Array<string | null>): ToolCall[] {
  return calls.map((call, index) => ({ ...call, id: ids[index] ?? call.id, name: wholeCharacters(call.name) }));
}
