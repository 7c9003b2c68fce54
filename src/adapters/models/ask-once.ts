/**
 * Sends one streamed HTTP request to a model and returns the model's turn or a failure.
 *
 * Text of the provider appears only in the turn and in the failure's `detail`. Every failure is one of the closed list.
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
import { buildOffer } from './offer';
import type { PaidRequests } from './paid-requests';
import type { SdkConnection } from './provider';
import { readJson } from './read-json';
import { UNKNOWN_USAGE, usageOf } from './usage';
import type { CallWatch } from './watch';

export interface Turn {
  text: string;
  toolCalls: ToolCall[];
  usage: TokenUsage;
  /** True if the answer reached the limit of output tokens. */
  isCut: boolean;
  /** True if the provider could not read the tool call that the model wrote. */
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
  /** The limit of output tokens that the request names; undefined: none. */
  maxOutputTokens: number | undefined;
  watch: CallWatch;
  /** Settles what the request cost. */
  paid: PaidRequests;
  secrets: readonly string[];
}

/** The result of one request. `error`: the cause of the failure. */
export type Outcome = { turn: Turn } | { failure: Failure; error: unknown; usage?: TokenUsage | undefined };

// The SDK would print its warnings to the console, where the log's redaction does not see them.
globalThis.AI_SDK_LOG_WARNINGS = false;

/** Throws the abort reason of the caller. */
export async function askOnce(question: Question): Promise<Outcome> {
  const { paid } = question;
  let result: Parameters<PaidRequests['settle']>[0] = null;
  try {
    const outcome = await ask(question);
    result = 'turn' in outcome ? outcome.turn : outcome;
    return outcome;
  } finally {
    await paid.settle(result);
  }
}

async function ask(question: Question): Promise<Outcome> {
  const { id, watch, secrets } = question;
  const answer: StreamedAnswer = { text: '', toolCalls: [], finishReason: 'other' };
  try {
    const stream = await send(question);
    await collectParts(stream, { answer, argumentsIn: question.connection.argumentsIn });
    watch.throwIfEnded();
    refuseUnfinished(id, answer);
    const { messages } = await stream.response;
    const { text, toolCalls, usage, finishReason } = answer;
    const isMalformed = isMalformedCall(answer);
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
    const usage = answer.usage === undefined ? undefined : usageOf(answer.usage);
    return { failure: failureOf(call, cause), error: cause, usage };
  }
}

async function send({ id, model, connection, request, attempt, maxOutputTokens, watch }: Question) {
  const { tuning = {}, callOptions } = connection;
  const { form, limits } = attempt;
  return streamText({
    model,
    ...(await toSdkMessages(request, { id, form, connection })),
    ...buildOffer(form, request, limits),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(tuning.temperature === undefined ? {} : { temperature: tuning.temperature }),
    ...(tuning.headers === undefined ? {} : { headers: tuning.headers }),
    ...(callOptions === undefined ? {} : { providerOptions: callOptions }),
    includeRawChunks: connection.argumentsIn !== undefined,
    // Temporal owns retries: by default the SDK would send three requests and overlook a long Retry-After.
    maxRetries: 0,
    abortSignal: watch.signal,
    // The default prints the provider's text to the console. Errors also arrive in the stream.
    onError: () => {},
  });
}

interface StreamedAnswer {
  text: string;
  toolCalls: ToolCall[];
  usage?: LanguageModelUsage;
  finishReason: FinishReason;
  rawFinishReason?: string | undefined;
}

async function collectParts(
  { fullStream }: { fullStream: AsyncIterable<TextStreamPart<ToolSet>> },
  { answer, argumentsIn }: { answer: StreamedAnswer; argumentsIn: SdkConnection['argumentsIn'] },
): Promise<void> {
  const argumentTexts = new CallArguments();
  for await (const part of fullStream) {
    if (part.type === 'error') throw part.error;
    else if (part.type === 'raw') for (const piece of argumentsIn?.(part.rawValue) ?? []) argumentTexts.add(piece);
    else if (part.type === 'text-delta') answer.text += part.text;
    else if (part.type === 'tool-call') answer.toolCalls.push(toToolCall(part, argumentTexts.textOf(part.toolCallId)));
    else if (part.type === 'finish-step') {
      const { finishReason, rawFinishReason, usage } = part;
      Object.assign(answer, { finishReason, rawFinishReason, usage });
    }
  }
}

/** `written`: the arguments as the provider sent them. The SDK replaces unreadable arguments with `{}`. */
function toToolCall(part: Extract<TextStreamPart<ToolSet>, { type: 'tool-call' }>, written = ''): ToolCall {
  const { toolCallId: id, toolName: name } = part;
  const input: unknown = part.input;
  const isLost = isObject(input) && Object.keys(input).length === 0 && written.trim() !== '';
  if (isLost) return parseWrittenCall({ id, name }, written);
  if (isObject(input)) return { id, name, input };
  const repaired = typeof input === 'string' && part.invalid ? readJson(input) : undefined;
  if (repaired?.kind === 'read' && isObject(repaired.value)) return { id, name, input: repaired.value };
  // The caller answers a call of an unknown tool, so an unknown name is not reported as broken arguments.
  const isJson = !part.invalid || (NoSuchToolError.isInstance(part.error) && typeof input !== 'string');
  return { id, name, input: {}, broken: isJson ? NOT_AN_OBJECT : NOT_JSON };
}

function parseWrittenCall(call: Pick<ToolCall, 'id' | 'name'>, written: string): ToolCall {
  const json = readJson(written);
  if (json.kind !== 'read') return { ...call, input: {}, broken: NOT_JSON };
  return isObject(json.value) ? { ...call, input: json.value } : { ...call, input: {}, broken: NOT_AN_OBJECT };
}

const NOT_JSON = 'the arguments are not JSON: they break off, or a quote, comma or bracket is wrong in them';
const NOT_AN_OBJECT = 'the arguments are not a JSON object';

/** True for Gemini's finish reasons that mean an unreadable tool call. */
function isMalformedCall({ rawFinishReason = '' }: StreamedAnswer): boolean {
  return /^(?:malformed_function_call|unexpected_tool_call)$/i.test(rawFinishReason);
}

function refuseUnfinished(id: string, answer: StreamedAnswer): void {
  const { finishReason, rawFinishReason } = answer;
  if (isMalformedCall(answer)) return;
  if (finishReason === 'content-filter')
    throw new Failure('Model.Refused', `${id}: the model or its filter refused`, { isPaid: true });
  if (finishReason === 'error') throw new Failure('Model.Unavailable', `${id}: the provider broke the answer off`);
  // A finish reason that only this server uses is accepted. Without any, the stream broke off or was no model's answer.
  if (finishReason === 'other' && rawFinishReason === undefined)
    throw new Failure('Model.NotAnAnswer', `${id}: the answer ended without a finish`);
}
