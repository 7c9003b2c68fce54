/**
 * Our messages, as the AI SDK takes them.
 */
import type { ModelMessage as SdkMessage, SystemModelMessage } from 'ai';
import type { ModelMessage, ModelRequest } from '../../ports/model';
import type { SdkConnection } from './provider';

/** The request is the same up to its last message in the next step: `cacheOptions` says that of the parts it goes on. */
export function toSdkMessages(
  { system, messages }: ModelRequest,
  cacheOptions: SdkConnection['cacheOptions'],
): { system: SystemModelMessage; messages: SdkMessage[] } {
  const last = messages.length - 1;
  const cached = cacheOptions === undefined ? {} : { providerOptions: cacheOptions };
  return {
    system: { role: 'system', content: system, ...cached },
    messages: messages.map((message, index) => {
      const converted = toSdkMessage(message);
      return index === last ? { ...converted, ...cached } : converted;
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
