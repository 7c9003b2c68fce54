/**
 * One HTTP request to a model, streamed, and what came of it.
 *
 * Nothing of the provider's words leaves here but as the turn and as `detail`; every failure is one of the closed list.
 */
import { NoSuchToolError, streamText } from 'ai';
import type { FinishReason, LanguageModel, LanguageModelUsage, TextStreamPart, ToolSet } from 'ai';
import { Failure } from '../../domain/failures';
import { isObject } from '../../domain/json';
import type { ModelRequest, TokenUsage, ToolCall } from '../../ports/model';
import { CallArguments } from './call-arguments';
import { failureOf } from './failure-table';
import type { Attempt } from './forms';
import { toSdkMessages } from './messages';
import { offerIn } from './offer';
import type { SdkConnection } from './provider';
import { readJson } from './read-json';
import { UNKNOWN_USAGE, usageOf } from './usage';
import type { CallWatch } from './watch';

export interface Turn {
  text: string;
  toolCalls: ToolCall[];
  usage: TokenUsage;
  /** It reached the limit of output tokens. */
  isCut: boolean;
  /** Its provider could not read the call that the model wrote. */
  isMalformed: boolean;
  /** The SDK's own parts of the turn, as JSON. */
  native: unknown[];
}

export interface Question {
  id: string;
  model: LanguageModel;
  connection: SdkConnection;
  request: ModelRequest;
  attempt: Attempt;
  watch: CallWatch;
  secrets: readonly string[];
}

/** `error` is what the failure was made of. Throws the caller's abort. */
export type Outcome = { turn: Turn } | { failure: Failure; error: unknown };

// The SDK's warnings go to the console, past the log and its redaction.
globalThis.AI_SDK_LOG_WARNINGS = false;

export async function askOnce(question: Question): Promise<Outcome> {
  const { id, watch, secrets } = question;
  const seen: Seen = { text: '', toolCalls: [], finishReason: 'other' };
  try {
    const stream = await send(question);
    await read(stream, { seen, argumentsIn: question.connection.argumentsIn });
    watch.throwIfEnded();
    refuseUnfinished(id, seen);
    const { messages } = await stream.response;
    const { text, toolCalls, usage, finishReason } = seen;
    const isMalformed = isMalformedCall(seen);
    return {
      turn: {
        ...{ text, toolCalls, isCut: finishReason === 'length', isMalformed },
        usage: usage === undefined ? UNKNOWN_USAGE : usageOf(usage),
        native: messages.flatMap(({ role, content }) =>
          role === 'assistant' && Array.isArray(content) ? content : [],
        ),
      },
    };
  } catch (error) {
    const call = { id, secrets, isPaid: watch.hasContent() };
    const cause = watch.failure() ?? error;
    return { failure: failureOf(call, cause), error: cause };
  }
}

async function send({ id, model, connection, request, attempt, watch }: Question) {
  const { tuning = {}, callOptions, leastOutputTokens } = connection;
  const { form, limits } = attempt;
  const maxOutputTokens = tuning.maxOutputTokens ?? leastOutputTokens;
  return streamText({
    model,
    ...(await toSdkMessages(request, { id, form, connection })),
    ...offerIn(form, request, limits),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(tuning.temperature === undefined ? {} : { temperature: tuning.temperature }),
    ...(tuning.headers === undefined ? {} : { headers: tuning.headers }),
    ...(callOptions === undefined ? {} : { providerOptions: callOptions }),
    includeRawChunks: connection.argumentsIn !== undefined,
    // Temporal owns retries: by default the SDK would send three requests and overlook a long Retry-After.
    maxRetries: 0,
    abortSignal: watch.signal,
    // The default prints the provider's text to the console. Errors arrive in the stream all the same.
    onError: () => {},
  });
}

interface Seen {
  text: string;
  toolCalls: ToolCall[];
  usage?: LanguageModelUsage;
  finishReason: FinishReason;
  rawFinishReason?: string | undefined;
}

async function read(
  { fullStream }: { fullStream: AsyncIterable<TextStreamPart<ToolSet>> },
  { seen, argumentsIn }: { seen: Seen; argumentsIn: SdkConnection['argumentsIn'] },
): Promise<void> {
  const written = new CallArguments();
  for await (const part of fullStream) {
    if (part.type === 'error') throw part.error;
    else if (part.type === 'raw') for (const piece of argumentsIn?.(part.rawValue) ?? []) written.add(piece);
    else if (part.type === 'text-delta') seen.text += part.text;
    else if (part.type === 'tool-call') seen.toolCalls.push(toolCall(part, written.of(part.toolCallId)));
    else if (part.type === 'finish-step') {
      const { finishReason, rawFinishReason, usage } = part;
      Object.assign(seen, { finishReason, rawFinishReason, usage });
    }
  }
}

/** `written`: the arguments on the wire, where the SDK may give `{}` for them. */
function toolCall(part: Extract<TextStreamPart<ToolSet>, { type: 'tool-call' }>, written = ''): ToolCall {
  const { toolCallId: id, toolName: name } = part;
  const given: unknown = part.input;
  const isLost = isObject(given) && Object.keys(given).length === 0 && written.trim() !== '';
  if (isLost) return asWritten({ id, name }, written);
  if (isObject(given)) return { id, name, input: given };
  const mended = typeof given === 'string' && part.invalid ? readJson(given) : undefined;
  if (mended?.kind === 'read' && isObject(mended.value)) return { id, name, input: mended.value };
  // A name that is not offered is answered by the caller.
  const isJson = !part.invalid || (NoSuchToolError.isInstance(part.error) && typeof given !== 'string');
  return { id, name, input: {}, broken: isJson ? NO_OBJECT : NO_JSON };
}

function asWritten(call: Pick<ToolCall, 'id' | 'name'>, written: string): ToolCall {
  const json = readJson(written);
  if (json.kind !== 'read') return { ...call, input: {}, broken: NO_JSON };
  return isObject(json.value) ? { ...call, input: json.value } : { ...call, input: {}, broken: NO_OBJECT };
}

const NO_JSON = 'the arguments are not JSON: they break off, or a quote, comma or bracket is wrong in them';
const NO_OBJECT = 'the arguments are not a JSON object';

/** Gemini's word for it. */
function isMalformedCall({ rawFinishReason = '' }: Seen): boolean {
  return /^(?:malformed_function_call|unexpected_tool_call)$/i.test(rawFinishReason);
}

function refuseUnfinished(id: string, seen: Seen): void {
  const { finishReason, rawFinishReason } = seen;
  if (isMalformedCall(seen)) return;
  if (finishReason === 'content-filter')
    throw new Failure('Model.Refused', `${id}: the model or its filter refused`, { isPaid: true });
  if (finishReason === 'error') throw new Failure('Model.Unavailable', `${id}: the provider broke the answer off`);
  // A server's own word for "done" is fine; no word at all means that the stream was cut, or was none.
  if (finishReason === 'other' && rawFinishReason === undefined)
    throw new Failure('Model.NotAnAnswer', `${id}: the answer ended without a finish`);
}
