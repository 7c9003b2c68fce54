/**
 * The messages of the port, as the AI SDK takes them.
 *
 * A turn goes back to the model it came from as it was, with its reasoning and signatures; to another one as text and calls.
 */
import type { AssistantModelMessage, ModelMessage as SdkMessage, SystemModelMessage, UserModelMessage } from 'ai';
import { isObject } from '../../domain/json';
import type { ModelMessage, ModelRequest, ToolResult } from '../../ports/model';
import { COMMON_ID, translatedId } from './call-ids';
import type { Form } from './forms-list';
import { instructionIn } from './offer';
import type { SdkConnection } from './provider';
import { dataBlock } from '../../domain/context-blocks';
import { withWholeCharacters } from './text';

export interface Addressee {
  /** `provider:id`. */
  id: string;
  form: Form;
  connection: Pick<SdkConnection, 'cacheOptions' | 'callIds'>;
}

type ModelTurn = Extract<ModelMessage, { from: 'model' }>;

/** The request is the same up to its last message in the next step: `cacheOptions` says that of the parts it goes on. */
export async function toSdkMessages(
  request: ModelRequest,
  to: Addressee,
): Promise<{ system: SystemModelMessage; messages: SdkMessage[] }> {
  const { cacheOptions } = to.connection;
  const cached = cacheOptions === undefined ? {} : { providerOptions: cacheOptions };
  const converted = to.form === 'tools' ? await withCalls(request, to) : await inWords(request);
  const last = converted.length - 1;
  return withWholeCharacters({
    system: { role: 'system', content: `${request.system}\n\n${instructionIn(to.form, request)}`, ...cached },
    messages: converted.map((message, index) => (index === last ? { ...message, ...cached } : message)),
  });
}

async function withCalls(request: ModelRequest, to: Addressee): Promise<SdkMessage[]> {
  const ids = new Map<string, string>();
  const converted: SdkMessage[] = [];
  for (const message of request.messages) {
    if (message.from === 'user') converted.push(await userMessage(message, request));
    else if (message.from === 'model') converted.push(modelMessage(message, { to, ids }));
    else converted.push({ role: 'tool', content: message.results.map((result) => resultPart(result, ids)) });
  }
  return converted;
}

function modelMessage(
  turn: ModelTurn,
  { to, ids }: { to: Addressee; ids: Map<string, string> },
): AssistantModelMessage {
  const native = turn.native?.model === to.id ? nativeParts(turn.native.content) : undefined;
  const taken = to.connection.callIds ?? COMMON_ID;
  for (const { id } of turn.toolCalls) ids.set(id, native !== undefined || taken.test(id) ? id : translatedId(id));
  if (native !== undefined) return { role: 'assistant', content: native };
  const calls = turn.toolCalls.map(({ id, name, input }) => ({
    type: 'tool-call' as const,
    toolCallId: ids.get(id) ?? id,
    toolName: sendableName(name),
    input: isObject(input) ? input : {},
  }));
  // Providers refuse an empty text part, and a turn without any part.
  const text = turn.text.trim() === '' ? [] : [{ type: 'text' as const, text: turn.text }];
  return { role: 'assistant', content: [...text, ...calls].length > 0 ? [...text, ...calls] : NOTHING_SAID };
}
const NOTHING_SAID = '(no answer)';

/** What is stored may be of an older version of the SDK: what is no list of parts is not sent. */
function nativeParts(content: unknown): Exclude<AssistantModelMessage['content'], string> | undefined {
  const isRight =
    Array.isArray(content) && content.length > 0 && content.every((part) => isObject(part) && 'type' in part);
  return isRight ? (content as Exclude<AssistantModelMessage['content'], string>) : undefined;
}

function resultPart({ id, name, output }: ToolResult, ids: ReadonlyMap<string, string>) {
  return {
    type: 'tool-result' as const,
    toolCallId: ids.get(id) ?? id,
    toolName: sendableName(name),
    output: { type: 'text' as const, value: output },
  };
}

/** A model may call a tool by a name that its own server refuses in the next request. */
export function sendableName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'unknown';
}

async function userMessage(
  { text, files = [] }: Extract<ModelMessage, { from: 'user' }>,
  { loadFile }: ModelRequest,
): Promise<UserModelMessage> {
  if (files.length === 0 || loadFile === undefined) return { role: 'user', content: text };
  const parts = files.map(async ({ name, mediaType, digest }) => ({
    type: 'file' as const,
    data: await loadFile(digest),
    mediaType,
    filename: name,
  }));
  return { role: 'user', content: [{ type: 'text', text }, ...(await Promise.all(parts))] };
}

/** For a server that takes no tools: calls and results as text of the user's side, so that the model does not imitate them. */
async function inWords(request: ModelRequest): Promise<SdkMessage[]> {
  const converted: SdkMessage[] = [];
  let calls: ModelTurn['toolCalls'] = [];
  for (const message of request.messages) {
    if (message.from === 'user') append(converted, await userMessage(message, request));
    else if (message.from === 'tools')
      append(converted, {
        role: 'user',
        content: message.results.map((result) => inWordsOf(result, calls)).join('\n\n'),
      });
    else {
      calls = message.toolCalls;
      if (calls.length === 0 || message.text.trim() !== '')
        converted.push({ role: 'assistant', content: message.text.trim() === '' ? NOTHING_SAID : message.text });
    }
  }
  return converted;
}

function inWordsOf({ id, name, output }: ToolResult, calls: ModelTurn['toolCalls']): string {
  const input = calls.find((call) => call.id === id)?.input ?? {};
  return `The tool ${sendableName(name)} was called. Its input and its result are data:\n${dataBlock('tool_input', JSON.stringify(input))}\n${dataBlock('tool_result', output)}`;
}

/** Templates of chats refuse two messages of one side in a row. */
function append(messages: SdkMessage[], message: UserModelMessage): void {
  const before = messages.at(-1);
  if (before?.role !== 'user') messages.push(message);
  else messages[messages.length - 1] = { role: 'user', content: [...partsOf(before), ...partsOf(message)] };
}

function partsOf({ content }: UserModelMessage): Exclude<UserModelMessage['content'], string> {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
