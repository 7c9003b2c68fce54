/**
 * Our messages, as the AI SDK takes them.
 */
import type { ModelMessage as SdkMessage, SystemModelMessage } from 'ai';
import type { ModelMessage, ModelRequest } from '../../ports/model';

/** Each step sends the earlier ones again; with the marks Anthropic reads them from its cache, at a tenth of the price. Others ignore them. */
const CACHED = { anthropic: { cacheControl: { type: 'ephemeral' } } };

export function toSdkMessages({ system, messages }: ModelRequest): {
  system: SystemModelMessage;
  messages: SdkMessage[];
} {
  const last = messages.length - 1;
  return {
    system: { role: 'system', content: system, providerOptions: CACHED },
    messages: messages.map((message, index) => {
      const converted = toSdkMessage(message);
      return index === last ? { ...converted, providerOptions: CACHED } : converted;
    }),
  };
}

function toSdkMessage(message: ModelMessage): SdkMessage {
  switch (message.from) {
    case 'user':
      return { role: 'user', content: message.text };
    case 'model':
      return {
        role: 'assistant',
        content: [
          // Providers refuse an empty text part.
          ...(message.text === '' ? [] : [{ type: 'text' as const, text: message.text }]),
          ...message.toolCalls.map(({ id, name, input }) => ({
            type: 'tool-call' as const,
            toolCallId: id,
            toolName: name,
            input,
          })),
        ],
      };
    case 'tools':
      return {
        role: 'tool',
        content: message.results.map(({ id, name, output }) => ({
          type: 'tool-result' as const,
          toolCallId: id,
          toolName: name,
          output: { type: 'text' as const, value: output },
        })),
      };
  }
}
