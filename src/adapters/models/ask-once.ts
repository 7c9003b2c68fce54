/**
 * One HTTP request to a model, streamed, and what came of it.
 *
 * Nothing of the provider's words leaves here but as `text` and `toolCalls`; every failure is one of the closed list.
 */
import { jsonSchema, Output, streamText, tool, type FinishReason, type LanguageModel, type ToolSet } from 'ai';
import { Failure } from '../../domain/failures';
import type { ModelReply, ModelRequest, ToolCall } from '../../ports/model';
import { failureOf } from './failure-table';
import { toSdkMessages } from './messages';
import type { SdkConnection } from './provider';
import type { CallWatch } from './watch';
import { wireSchema } from './wire-schema';

export type Usage = ModelReply['usage'];

export interface Turn {
  text: string;
  toolCalls: ToolCall[];
  usage: Usage;
}

interface Question {
  id: string;
  model: LanguageModel;
  connection: SdkConnection;
  request: ModelRequest;
  watch: CallWatch;
  /** How many repair turns came before this request. */
  repairs: number;
}

// The SDK's warnings go to the console, past the log and its redaction.
globalThis.AI_SDK_LOG_WARNINGS = false;

export async function askOnce(question: Question): Promise<Turn> {
  const { id, watch } = question;
  try {
    const { turn, finishReason, rawFinishReason } = await read(send(question));
    watch.throwIfEnded();
    refuseUnfinished(id, finishReason, rawFinishReason);
    if (turn.text.trim() === '' && turn.toolCalls.length === 0)
      throw new Failure('Model.EmptyAnswer', `${id}: the answer is empty`);
    return turn;
  } catch (error) {
    watch.throwIfEnded();
    throw failureOf(id, error);
  }
}

function send({ model, connection, request, watch, repairs }: Question) {
  const { idempotencyKey } = request;
  const { callOptions, cacheOptions } = connection;
  return streamText({
    model,
    ...toSdkMessages(request, cacheOptions),
    output: structuredOutput(request),
    ...(request.tools ? { tools: offered(request.tools) } : {}),
    // A repair is another question: under the first one's key it would be answered with the first answer.
    ...(idempotencyKey === undefined
      ? {}
      : { headers: { 'Idempotency-Key': repairs === 0 ? idempotencyKey : `${idempotencyKey}.repair-${repairs}` } }),
    ...(callOptions === undefined ? {} : { providerOptions: callOptions }),
    // Temporal owns retries: by default the SDK would send three requests and overlook a long Retry-After.
    maxRetries: 0,
    abortSignal: watch.signal,
    // The default prints the provider's text to the console. Errors arrive in the stream all the same.
    onError: () => {},
  });
}

/** The SDK would parse the text so far again at every chunk, to offer it half done: quadratic work nobody reads. */
function structuredOutput({ schema, phase }: ModelRequest) {
  const output = Output.object({ schema: jsonSchema<unknown>(wireSchema(schema)), name: phase });
  return { ...output, parsePartialOutput: async () => undefined };
}

/** Without `execute`: a tool call ends the request and comes back to us. */
function offered(tools: NonNullable<ModelRequest['tools']>): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, { description, input }]) => [
      name,
      tool({ description, inputSchema: jsonSchema(wireSchema(input)) }),
    ]),
  );
}

async function read({ fullStream }: ReturnType<typeof send>) {
  const turn: Turn = { text: '', toolCalls: [], usage: { inputTokens: null, outputTokens: null } };
  let finishReason: FinishReason = 'other';
  let rawFinishReason: string | undefined;
  for await (const part of fullStream) {
    if (part.type === 'error') throw part.error;
    else if (part.type === 'text-delta') turn.text += part.text;
    else if (part.type === 'tool-call')
      turn.toolCalls.push({ id: part.toolCallId, name: part.toolName, input: part.input });
    else if (part.type === 'finish') {
      ({ finishReason, rawFinishReason } = part);
      const { inputTokens, outputTokens } = part.totalUsage;
      turn.usage = { inputTokens: inputTokens ?? null, outputTokens: outputTokens ?? null };
    }
  }
  return { turn, finishReason, rawFinishReason };
}

function refuseUnfinished(id: string, reason: FinishReason, raw: string | undefined): void {
  if (reason === 'length') throw new Failure('Model.Truncated', `${id}: the answer reached the limit of output tokens`);
  if (reason === 'content-filter') throw new Failure('Model.Refused', `${id}: the model or its filter refused`);
  if (reason === 'error') throw new Failure('Model.Unavailable', `${id}: the provider broke the answer off`);
  // A server's own word for "done" is fine; no word at all means that the stream was cut, or was none.
  if (reason === 'other' && raw === undefined)
    throw new Failure('Model.NotAnAnswer', `${id}: the answer ended without a finish`);
}
