/**
 * Judges one request to the server and its answer by the schema in the request.
 *
 * An unreadable answer is not an error here: it is counted.
 */
import { z } from 'zod';

type Json = Record<string, unknown>;

/** `cut`: the answer reached the limit of output tokens and is incomplete. */
export type Verdict = 'fits' | 'misfit' | 'no JSON' | 'not offered' | 'cut';

export interface Exchange {
  form: 'tools' | 'schema' | 'text';
  /** The names of the tools in the request. */
  tools: string[];
  /** The limits that the request sends as keywords of a schema. */
  limits: string[];
  bytes: number;
  seconds: number;
  status: number;
  finishReason: string | null;
  /** The tool calls, in the order of the answer. */
  calls: Array<{ name: string; verdict: Verdict }>;
  /** The verdict on the text; null if the request has no schema for it. */
  verdict: Verdict | null;
  /** The token counts of the last event; null if it has none. */
  tokens: { input: number; output: number } | null;
  /** The message of the server's error. */
  refusal: string;
}

export interface RawExchange {
  request: string;
  status: number;
  answer: string;
  seconds: number;
}

/** Null if the request is not a chat completion. */
export function exchangeOf({ request, status, answer, seconds }: RawExchange): Exchange | null {
  const body = parse(request) as Json | undefined;
  if (body === undefined || !Array.isArray(body['messages'])) return null;
  const schemas = toolSchemas(body);
  const format = formatSchema(body);
  const tools = Object.keys(schemas);
  const form = tools.length > 0 ? 'tools' : format === undefined ? 'text' : 'schema';
  const turn = status === 200 ? turnOf(answer) : NO_TURN;
  const isCut = turn.finishReason === 'length';
  return {
    ...{ form, tools, seconds, status },
    limits: limitsIn([...Object.values(schemas), format]),
    bytes: Buffer.byteLength(request),
    finishReason: turn.finishReason,
    calls: turn.calls.map(({ name, text }, index) => ({
      name,
      verdict: verdictOf(text, schemas[name], isCut && index === turn.calls.length - 1) ?? 'not offered',
    })),
    verdict: format === undefined || status !== 200 ? null : verdictOf(turn.text, format, isCut),
    tokens: turn.tokens,
    refusal: status === 200 ? '' : answer.slice(0, 500),
  };
}

function verdictOf(text: string, schema: Json | undefined, isCut: boolean): Verdict | null {
  if (schema === undefined) return null;
  const value = parse(text);
  if (value === undefined) return isCut ? 'cut' : 'no JSON';
  return z.fromJSONSchema(schema).safeParse(value).success ? 'fits' : 'misfit';
}

function toolSchemas({ tools = [] }: Json): Record<string, Json> {
  const offered = tools as Array<{ function: { name: string; parameters: Json } }>;
  return Object.fromEntries(offered.map(({ function: { name, parameters } }) => [name, parameters]));
}

function formatSchema(body: Json): Json | undefined {
  const format = body['response_format'] as { json_schema?: { schema?: Json } } | undefined;
  return format?.json_schema?.schema;
}

const LIMITS = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum', 'pattern', 'enum'];

/** Counts limits by `JSON.stringify`, which visits every member. A property that is named like a limit has a schema as its value. */
function limitsIn(schemas: unknown[]): string[] {
  const keywords = new Set<string>();
  JSON.stringify(schemas, (name, value: unknown) => {
    if (name === 'enum' ? Array.isArray(value) : typeof value !== 'object') keywords.add(name);
    return value;
  });
  return LIMITS.filter((limit) => keywords.has(limit));
}

interface Turn {
  text: string;
  calls: Array<{ name: string; text: string }>;
  finishReason: string | null;
  tokens: Exchange['tokens'];
}
const NO_TURN: Turn = { text: '', calls: [], finishReason: null, tokens: null };

interface Chunk {
  choices?: Array<{
    delta?: {
      content?: string | null;
      tool_calls?: Array<{ index: number; function?: { name?: string; arguments?: string } }>;
    };
    finish_reason?: string | null;
  }>;
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
}

function turnOf(answer: string): Turn {
  const turn: Turn = { text: '', calls: [], finishReason: null, tokens: null };
  for (const chunk of chunksOf(answer)) {
    const [choice] = chunk.choices ?? [];
    turn.text += choice?.delta?.content ?? '';
    turn.finishReason = choice?.finish_reason ?? turn.finishReason;
    if (chunk.usage) turn.tokens = { input: chunk.usage.prompt_tokens, output: chunk.usage.completion_tokens };
    for (const { index, function: part } of choice?.delta?.tool_calls ?? []) {
      const call = (turn.calls[index] ??= { name: '', text: '' });
      call.name += part?.name ?? '';
      call.text += part?.arguments ?? '';
    }
  }
  return turn;
}

function chunksOf(answer: string): Chunk[] {
  const data = answer.split('\n').filter((line) => line.startsWith('data: {'));
  return data.flatMap((line) => (parse(line.slice('data: '.length)) as Chunk | undefined) ?? []);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
