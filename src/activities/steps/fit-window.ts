/**
 * Keeps a conversation within the context of its model: past a share of it, old results give way to a line that names them.
 *
 * Rarely and by much, not often and by little: what stays the same from step to step can be read from the provider's cache.
 */
import { isObject } from '../../domain/json';
import { cutText } from '../../domain/text';
import type { ModelMessage, ToolCall, ToolResult } from '../../ports/model';
import type { ArtifactStore } from '../../ports/artifacts';

/** Of a model of which nothing is known: 100,000 tokens of four characters. */
export const WINDOW_CHARS = 400_000;
/** Past this share of the window, */
const FULL = 0.6;
/** old results are left out down to this one. */
const ROOMY = 0.3;
/** The turns that are never touched: the model is at work on them. */
const NEWEST_TURNS = 2;
/** Never cut to less. */
const LEAST_CHARS = 1_500;
/** What is shorter takes no less room as a line. */
const SHORT_CHARS = 400;

/** Undefined where it fits as it is, or where nothing is left that could be left out. */
export async function fitWindow(
  artifacts: ArtifactStore,
  messages: ModelMessage[],
  windowChars: number,
): Promise<ModelMessage[] | undefined> {
  if (sizeOf(messages) <= windowChars * FULL) return undefined;
  const short = await leaveOut(artifacts, messages, windowChars * ROOMY);
  return sizeOf(short ?? messages) <= windowChars * FULL
    ? short
    : cutNewest(artifacts, short ?? messages, windowChars * FULL);
}

/** For a request that its model refused as too long. */
export async function halve(artifacts: ArtifactStore, messages: ModelMessage[]): Promise<ModelMessage[] | undefined> {
  const room = sizeOf(messages) / 2;
  return (await leaveOut(artifacts, messages, room)) ?? cutNewest(artifacts, messages, room);
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

/** The oldest first. */
async function leaveOut(
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
    const short = message.from === 'tools' ? await shortResults(artifacts, message, calls) : shortTurn(message);
    kept[index] = short;
    size += charsOf(short) - charsOf(message);
  }
  return size < sizeOf(messages) ? kept : undefined;
}

/** A small context: also the results at hand are cut to their beginnings, and at last the first message. */
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
    } else if (message.from === 'user') kept.push({ ...message, text: cutBegin(message.text, share) });
    else kept.push(shortTurn(message));
  }
  return sizeOf(kept) < sizeOf(messages) ? kept : undefined;
}

async function cutResult(artifacts: ArtifactStore, result: ToolResult, share: number): Promise<ToolResult> {
  const { id, output } = result;
  const shown = cutText(output, Math.max(LEAST_CHARS, Math.floor(output.length * share)));
  if (shown.length === output.length) return result;
  const digest = result.digest ?? (await artifacts.put(output)).digest;
  const rest = `[cut to fit this model's context: ${output.length - shown.length} more characters; to see them: result {"id": "${id}"}, by lines]`;
  return { ...result, digest, output: `${shown}\n${rest}` };
}

/** A block of data that is cut is closed again. */
function cutBegin(text: string, share: number): string {
  const shown = cutText(text, Math.max(LEAST_CHARS, Math.floor(text.length * share)));
  if (shown.length === text.length) return text;
  const isOpen = shown.lastIndexOf('<data name=') > shown.lastIndexOf('</data>');
  const rest = `[cut to fit this model's context: ${text.length - shown.length} more characters are not shown; look at the repository with the tools]`;
  return [shown, ...(isOpen ? ['</data>'] : []), rest].join('\n');
}

async function shortResults(
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
 * Long texts of inputs, such as whole files that were written, stand in the tree. Reasoning and signatures stay in the provider's own
 * form: some take no turn without theirs.
 */
function shortTurn(turn: ModelMessage & { from: 'model' }): ModelMessage {
  const { text, toolCalls, native } = turn;
  const calls = toolCalls.map((call) => ({ ...call, input: shortValue(call.input) }));
  const kept = native === undefined ? {} : { native: { ...native, content: shortParts(native.content) } };
  return { from: 'model', text, toolCalls: calls, ...kept };
}

/** The parts of a turn: those of calls have an input. */
function shortParts(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.map((part: unknown) =>
    isObject(part) && part.type === 'tool-call' ? { ...part, input: shortValue(part.input) } : part,
  );
}

function shortValue(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length <= SHORT_CHARS ? value : `[left out to save room: ${value.length} characters]`;
  if (Array.isArray(value)) return value.map(shortValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortValue(inner)]));
}
