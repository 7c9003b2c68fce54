/**
 * Converts the messages of the model port to messages of the AI SDK.
 *
 * The model that wrote a turn gets it back unchanged, with its reasoning and signatures. Another model gets only text and tool calls.
 */
import type { AssistantModelMessage, ModelMessage as SdkMessage, SystemModelMessage, UserModelMessage } from 'ai';
import { isObject } from '../../domain/json';
import type { ModelMessage, ModelRequest, ToolResult } from '../../ports/model';
import { COMMON_ID, translateId } from './call-ids';
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

/**
 * Converts the messages of a request. `cacheOptions` go on the system prompt and the last message, because the next step repeats the
 * request up to there.
 */
export async function toSdkMessages(
  request: ModelRequest,
  addressee: Addressee,
): Promise<{ system: SystemModelMessage; messages: SdkMessage[] }> {
  const { cacheOptions } = addressee.connection;
  const cacheMember = cacheOptions === undefined ? {} : { providerOptions: cacheOptions };
  const converted =
    addressee.form === 'tools' ? await toToolMessages(request, addressee) : await toTextMessages(request);
  const lastIndex = converted.length - 1;
  return withWholeCharacters({
    system: {
      role: 'system',
      content: `${request.system}\n\n${instructionIn(addressee.form, request)}`,
      ...cacheMember,
    },
    messages: converted.map((message, index) => (index === lastIndex ? { ...message, ...cacheMember } : message)),
  });
}

async function toToolMessages(request: ModelRequest, to: Addressee): Promise<SdkMessage[]> {
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
  const idPattern = to.connection.callIds ?? COMMON_ID;
  for (const { id } of turn.toolCalls) ids.set(id, native !== undefined || idPattern.test(id) ? id : translateId(id));
  if (native !== undefined) return { role: 'assistant', content: native };
  const calls = turn.toolCalls.map(({ id, name, input }) => ({
    type: 'tool-call' as const,
    toolCallId: ids.get(id) ?? id,
    toolName: sendableName(name),
    input: isObject(input) ? input : {},
  }));
  // Providers refuse an empty text part, and a turn without any part.
  const text = turn.text.trim() === '' ? [] : [{ type: 'text' as const, text: turn.text }];
  return { role: 'assistant', content: [...text, ...calls].length > 0 ? [...text, ...calls] : EMPTY_TURN_TEXT };
}
const EMPTY_TURN_TEXT = '(no answer)';

/** Returns undefined if the stored turn is not a list of parts, as after a change of the SDK's version. */
function nativeParts(content: unknown): Exclude<AssistantModelMessage['content'], string> | undefined {
  const isPartList =
    Array.isArray(content) && content.length > 0 && content.every((part) => isObject(part) && 'type' in part);
  return isPartList ? (content as Exclude<AssistantModelMessage['content'], string>) : undefined;
}

function resultPart({ id, name, output }: ToolResult, ids: ReadonlyMap<string, string>) {
  return {
    type: 'tool-result' as const,
    toolCallId: ids.get(id) ?? id,
    toolName: sendableName(name),
    output: { type: 'text' as const, value: output },
  };
}

/** Replaces characters that providers refuse in a tool's name. A model may call a tool by such a name. */
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

/**
 * Converts the messages for a server that accepts no tools: calls and results become text. They are sent as messages of the user, so
 * that the model does not imitate them.
 */
async function toTextMessages(request: ModelRequest): Promise<SdkMessage[]> {
  const converted: SdkMessage[] = [];
  let calls: ModelTurn['toolCalls'] = [];
  for (const message of request.messages) {
    if (message.from === 'user') append(converted, await userMessage(message, request));
    else if (message.from === 'tools')
      append(converted, {
        role: 'user',
        content: message.results.map((result) => toolResultText(result, calls)).join('\n\n'),
      });
    else {
      calls = message.toolCalls;
      if (calls.length === 0 || message.text.trim() !== '')
        converted.push({ role: 'assistant', content: message.text.trim() === '' ? EMPTY_TURN_TEXT : message.text });
    }
  }
  return converted;
}

function toolResultText({ id, name, output }: ToolResult, calls: ModelTurn['toolCalls']): string {
  const input = calls.find((call) => call.id === id)?.input ?? {};
  return `The tool ${sendableName(name)} was called. Its input and its result are data:\n${dataBlock('tool_input', JSON.stringify(input))}\n${dataBlock('tool_result', output)}`;
}

/** Adds a user message, or joins it with a user message before it: chat templates refuse two user messages in a row. */
function append(messages: SdkMessage[], message: UserModelMessage): void {
  const previous = messages.at(-1);
  if (previous?.role !== 'user') messages.push(message);
  else messages[messages.length - 1] = { role: 'user', content: [...partsOf(previous), ...partsOf(message)] };
}

function partsOf({ content }: UserModelMessage): Exclude<UserModelMessage['content'], string> {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
