/**
 * Converts a model's turn to the JSON that is stored and later sent back to the same model: the parts of the AI SDK.
 */
import { isObject } from '../../domain/json';
import type { NativeTurn, ToolCall } from '../../ports/model';
import { COMMON_ID } from './call-ids';
import { sendableName } from './messages';
import { wholeCharacters } from './text';

interface StoredTurn {
  /** `provider:id`. */
  model: string;
  parts: unknown[];
  /** The tool calls of the turn, in order, with their final ids. */
  toolCalls: ToolCall[];
  /** Renames options of a part that the SDK writes under one name and reads under another. */
  restore?: ((part: Record<string, unknown>) => Record<string, unknown>) | undefined;
}

/** Returns undefined if text and tool calls alone describe the turn completely. */
export function nativeTurn({ model, parts, toolCalls, restore }: StoredTurn): NativeTurn | undefined {
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
  const hasOnlyPlainParts = content.every(
    (part) => part['providerOptions'] === undefined && part['type'] !== 'reasoning',
  );
  // A turn with an unusual id is stored, so that its own provider gets the id back unchanged.
  const hasCommonIds = toolCalls.every(({ id }) => COMMON_ID.test(id));
  return hasOnlyPlainParts && hasCommonIds ? undefined : { model, content };
}

/** Gives tool calls their new ids, and names that a provider accepts in the next request. */
export function withNewIds(calls: ToolCall[], ids: Array<string | null>): ToolCall[] {
  return calls.map((call, index) => ({ ...call, id: ids[index] ?? call.id, name: wholeCharacters(call.name) }));
}
