/**
 * Makes ids of tool calls: unique in the conversation, and in a format that every provider accepts.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { ModelMessage, ToolCall } from '../../ports/model';

/** Ids that most providers accept: Anthropic's characters, OpenAI's length. */
export const COMMON_ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** Returns a new id for each call whose id is empty or was used before, and null for a call that keeps its id. */
export function newIdsFor(calls: ToolCall[], messages: ModelMessage[]): Array<string | null> {
  const used = new Set(
    messages.flatMap((message) => (message.from === 'model' ? message.toolCalls : [])).map(({ id }) => id),
  );
  return calls.map(({ id }) => {
    const newId = id !== '' && !used.has(id) ? null : freshId(used);
    used.add(newId ?? id);
    return newId;
  });
}

function freshId(used: ReadonlySet<string>): string {
  for (;;) {
    const id = shortId(randomBytes(32));
    if (!used.has(id)) return id;
  }
}

/** Converts another provider's id to a format that every provider accepts; the same id always gives the same result. */
export function translateId(id: string): string {
  return shortId(createHash('sha256').update(id).digest());
}

/** Makes an id of nine letters and digits. Mistral requires this length; the other providers accept it, too. */
function shortId(bytes: Buffer): string {
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .slice(-9)
    .padStart(9, '0');
}
