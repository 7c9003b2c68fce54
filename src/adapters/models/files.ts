/**
 * Files of a request, and the request without those that its model does not take.
 */
import type { InputFile, ModelMessage, ModelRequest } from '../../ports/model';

/** Media types, each once. */
export function kindsOf({ messages, loadFile }: ModelRequest): string[] {
  if (loadFile === undefined) return [];
  return [...new Set(messages.flatMap(filesOf).map(({ mediaType }) => mediaType))];
}

/** Where a file stood, its message says that it is not shown. */
export function withoutFiles(request: ModelRequest, refused: ReadonlySet<string>): ModelRequest {
  if (refused.size === 0) return request;
  return { ...request, messages: request.messages.map((message) => withoutRefused(message, refused)) };
}

function withoutRefused(message: ModelMessage, refused: ReadonlySet<string>): ModelMessage {
  if (message.from !== 'user') return message;
  const left = filesOf(message).filter(({ mediaType }) => !refused.has(mediaType));
  const gone = filesOf(message).filter(({ mediaType }) => refused.has(mediaType));
  if (gone.length === 0) return message;
  const notes = gone.map(
    ({ name, mediaType }) =>
      `[the file ${JSON.stringify(name)} (${mediaType}) is not shown: this model takes no such files]`,
  );
  const { files: _, ...rest } = message;
  return { ...rest, text: [message.text, ...notes].join('\n\n'), ...(left.length === 0 ? {} : { files: left }) };
}

function filesOf(message: ModelMessage): InputFile[] {
  return message.from === 'user' ? (message.files ?? []) : [];
}
