/**
 * Keeps a conversation within the context window of its model: when it is too long, a short line replaces each old tool result.
 *
 * It shortens rarely and by much, so that most calls begin with the same messages as before and use the provider's cache.
 */
import { isObject } from '../../domain/json';
import { cutText } from '../../domain/text';
import type { ModelMessage, ToolCall, ToolResult } from '../../ports/model';
import type { ArtifactStore } from '../../ports/artifacts';

/** The window of a model whose size is not known: 100,000 tokens of four characters. */
export const WINDOW_CHARS = 400_000;
/** A conversation is shortened when it fills more than this share of the window. */
const MAX_SHARE = 0.6;
/** It is then shortened until it fills this share. */
const TARGET_SHARE = 0.3;
/** Turns at the end that are not shortened, because the model is working on them. */
const NEWEST_TURNS = 2;
/** A text is never cut to fewer characters. */
const MIN_CUT_CHARS = 1_500;
/** Shorter results stay: the line that replaces a result is about as long. */
const SHORT_CHARS = 400;

/** Gives the shortened messages; undefined where they fit already, or where nothing can be shortened. */
export async function fitWindow(
  artifacts: ArtifactStore,
  messages: ModelMessage[],
  windowChars: number,
): Promise<ModelMessage[] | undefined> {
  if (sizeOf(messages) <= windowChars * MAX_SHARE) return undefined;
  const shortened = await shortenOldest(artifacts, messages, windowChars * TARGET_SHARE);
  return sizeOf(shortened ?? messages) <= windowChars * MAX_SHARE
    ? shortened
    : cutNewest(artifacts, shortened ?? messages, windowChars * MAX_SHARE);
}

/** Halves the messages of a request that its model refused as too long; undefined where nothing can be shortened. */
export async function halve(artifacts: ArtifactStore, messages: ModelMessage[]): Promise<ModelMessage[] | undefined> {
  const room = sizeOf(messages) / 2;
  return (await shortenOldest(artifacts, messages, room)) ?? cutNewest(artifacts, messages, room);
}

export function sizeOf(messages: ModelMessage[]): number {
  return messages.reduce((sum, message) => sum + charsOf(message), 0);
}

function charsOf(message: ModelMessage): number {
  switch (message.from) {
    case 'user':
      return message.text.length;
    case 'tools':
      return message.results.reduce((sum, { output }) => sum + output.length, 0);
    case 'model':
      return message.text.length + JSON.stringify(message.native?.content ?? message.toolCalls).length;
  }
}

/** Shortens the oldest messages first, until the conversation has at most `roomChars` characters. */
async function shortenOldest(
  artifacts: ArtifactStore,
  messages: ModelMessage[],
  roomChars: number,
): Promise<ModelMessage[] | undefined> {
  const kept = [...messages];
  const last = messages.length - 2 * NEWEST_TURNS;
  const calls = new Map(
    messages.flatMap((message) => (message.from === 'model' ? message.toolCalls : [])).map((call) => [call.id, call]),
  );
  let size = sizeOf(messages);
  for (let index = 1; index < last && size > roomChars; index++) {
    const message = messages[index];
    if (message === undefined || message.from === 'user') continue;
    const short = message.from === 'tools' ? await shortenResults(artifacts, message, calls) : shortenTurn(message);
    kept[index] = short;
    size += charsOf(short) - charsOf(message);
  }
  return size < sizeOf(messages) ? kept : undefined;
}

/** For a small context: cuts every tool result and every message to a share of its length. */
async function cutNewest(
  artifacts: ArtifactStore,
  messages: ModelMessage[],
  roomChars: number,
): Promise<ModelMessage[] | undefined> {
  const share = roomChars / Math.max(1, sizeOf(messages));
  const kept: ModelMessage[] = [];
  for (const message of messages) {
    if (message.from === 'tools') {
      const results = message.results.map((result) => cutResult(artifacts, result, share));
      kept.push({ from: 'tools', results: await Promise.all(results) });
    } else if (message.from === 'user') kept.push({ ...message, text: cutEnd(message.text, share) });
    else kept.push(shortenTurn(message));
  }
  return sizeOf(kept) < sizeOf(messages) ? kept : undefined;
}

async function cutResult(artifacts: ArtifactStore, result: ToolResult, share: number): Promise<ToolResult> {
  const { id, output } = result;
  const beginning = cutText(output, Math.max(MIN_CUT_CHARS, Math.floor(output.length * share)));
  if (beginning.length === output.length) return result;
  const digest = result.digest ?? (await artifacts.put(output)).digest;
  const cutNote = `[cut to fit this model's context: ${output.length - beginning.length} more characters; to see them: result {"id": "${id}"}, by lines]`;
  return { ...result, digest, output: `${beginning}\n${cutNote}` };
}

/** Cuts the end of a text. If the cut is inside a data block, the block's end tag is added. */
function cutEnd(text: string, share: number): string {
  const beginning = cutText(text, Math.max(MIN_CUT_CHARS, Math.floor(text.length * share)));
  if (beginning.length === text.length) return text;
  const isOpen = beginning.lastIndexOf('<data name=') > beginning.lastIndexOf('</data>');
  const cutNote = `[cut to fit this model's context: ${text.length - beginning.length} more characters are not shown; look at the repository with the tools]`;
  return [beginning, ...(isOpen ? ['</data>'] : []), cutNote].join('\n');
}

async function shortenResults(
  artifacts: ArtifactStore,
  { results }: ModelMessage & { from: 'tools' },
  calls: Map<string, ToolCall>,
): Promise<ModelMessage> {
  const short = results.map(async (result): Promise<ToolResult> => {
    if (result.output.length <= SHORT_CHARS) return result;
    const digest = result.digest ?? (await artifacts.put(result.output)).digest;
    return { ...result, digest, output: lineFor(result, calls.get(result.id)) };
  });
  return { from: 'tools', results: await Promise.all(short) };
}

function lineFor({ id, name, output }: ToolResult, call: ToolCall | undefined): string {
  const input = JSON.stringify(call?.input ?? {});
  const shown = input.length > 200 ? `${Array.from(input).slice(0, 200).join('')}…` : input;
  return `[left out to save room: the result of ${name} ${shown}, ${output.length} characters; to see it again: result {"id": "${id}"}]`;
}

/**
 * Shortens long texts in the inputs of tool calls; a file that was written can be read from the tree. Reasoning and signatures in the
 * provider's own form stay whole, because some providers refuse a turn without them.
 */
function shortenTurn(turn: ModelMessage & { from: 'model' }): ModelMessage {
  const { text, toolCalls, native } = turn;
  const calls = toolCalls.map((call) => ({ ...call, input: shortenValue(call.input) }));
  const kept = native === undefined ? {} : { native: { ...native, content: shortenParts(native.content) } };
  return { from: 'model', text, toolCalls: calls, ...kept };
}

/** Shortens the inputs of the tool calls among a turn's parts. */
function shortenParts(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.map((part: unknown) =>
    isObject(part) && part.type === 'tool-call' ? { ...part, input: shortenValue(part.input) } : part,
  );
}

function shortenValue(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length <= SHORT_CHARS ? value : `[left out to save room: ${value.length} characters]`;
  if (Array.isArray(value)) return value.map(shortenValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortenValue(inner)]));
}
