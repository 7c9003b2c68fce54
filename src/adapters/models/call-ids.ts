/**
 * Ids of tool calls: of no other call of the conversation, and in a form that each provider takes.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { ModelMessage, ToolCall } from '../../ports/model';

/** Anthropic's own rule, with the length of OpenAI's. */
export const COMMON_ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** A new id for each call whose own is empty or was used before; null where its own is right. */
export function newIdsFor(calls: ToolCall[], messages: ModelMessage[]): Array<string | null> {
  const used = new Set(
    messages.flatMap((message) => (message.from === 'model' ? message.toolCalls : [])).map(({ id }) => id),
  );
  return calls.map(({ id }) => {
    const given = id !== '' && !used.has(id) ? null : freshId(used);
    used.add(given ?? id);
    return given;
  });
}

function freshId(used: ReadonlySet<string>): string {
  for (;;) {
    const id = shortId(randomBytes(32));
    if (!used.has(id)) return id;
  }
}

/** The same id for the same one of another provider, in a form that each takes. */
export function translatedId(id: string): string {
  return shortId(createHash('sha256').update(id).digest());
}

/** Nine letters and digits, as Mistral wants them; the others take that, too. */
function shortId(bytes: Buffer): string {
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .slice(-9)
    .padStart(9, '0');
}
