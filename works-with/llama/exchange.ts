/**
 * One request to the server and its answer, as they came over the wire, judged by the schema that the request carried.
 *
 * The server's words are data: what cannot be read is counted as such.
 */
import { z } from 'zod';

type Json = Record<string, unknown>;

/** `cut`: it reached the limit of output tokens, so that it cannot be whole. */
export type Verdict = 'fits' | 'misfit' | 'no JSON' | 'not offered' | 'cut';

export interface Exchange {
  form: 'tools' | 'schema' | 'text';
  /** Names of the tools that are offered. */
  tools: string[];
  /** Limits that go out as keywords of a schema. */
  limits: string[];
  bytes: number;
  seconds: number;
  status: number;
  finishReason: string | null;
  /** In the order of the answer. */
  calls: Array<{ name: string; verdict: Verdict }>;
  /** Of the text, where the request carried a schema for it; null where it did not. */
  verdict: Verdict | null;
  /** As the server says them in the last event; null where it says none. */
  tokens: { input: number; output: number } | null;
  /** What the server said beside an error. */
  refusal: string;
}

export interface Heard {
  request: string;
  status: number;
  answer: string;
  seconds: number;
}

/** Null where the request is no chat completion. */
export function exchangeOf({ request, status, answer, seconds }: Heard): Exchange | null {
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

/** `JSON.stringify` visits every member; a property of a tool may have the name of a limit, and its value is a schema then. */
function limitsIn(schemas: unknown[]): string[] {
  const found = new Set<string>();
  JSON.stringify(schemas, (name, value: unknown) => {
    if (name === 'enum' ? Array.isArray(value) : typeof value !== 'object') found.add(name);
    return value;
  });
  return LIMITS.filter((limit) => found.has(limit));
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
