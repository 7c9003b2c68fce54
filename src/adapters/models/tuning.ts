/**
 * Reads the settings of single models from the JSON file that MODEL_SETTINGS names: `{"<provider>:<id>": {…}, "<provider>:*": {…}}`.
 */
import type { JSONValue } from 'ai';
import { z } from 'zod';
import { FORMS } from './forms-list';
import { readByModel } from './model-file';
import type { ModelSpec } from './model-spec';
import { nameOf } from './model-spec';

const tuningSchema = z.strictObject({
  /** Limit of the output, in tokens. */
  max_output_tokens: z.number().int().min(1).max(10_000_000).optional(),
  /** A level of the provider, such as `low` or `high`. */
  reasoning_effort: z.string().min(1).max(40).optional(),
  temperature: z.number().min(0).max(2).optional(),
  headers: z.record(z.string().regex(/^[\w-]+$/), z.string()).optional(),
  /** Members that are added to the body of each request and replace members of the same name. */
  extra_body: z.record(z.string(), z.json()).optional(),
  /** Size of the context for input and output together, in tokens. */
  context_window: z.number().int().min(1_000).max(100_000_000).optional(),
  form: z.enum(FORMS).optional(),
  /** Most calls in any 60 seconds: of the model, or under `<provider>:*` of all its models together. */
  calls_per_minute: z.number().int().min(1).max(1_000_000).optional(),
  /** The same for tokens, input and output together. */
  tokens_per_minute: z.number().int().min(1_000).max(1_000_000_000).optional(),
});

/** Settings by `<provider>:<id>` or `<provider>:*`. */
export type ModelTunings = Readonly<Record<string, ModelTuning>>;
export interface ModelTuning {
  maxOutputTokens?: number | undefined;
  reasoningEffort?: string | undefined;
  temperature?: number | undefined;
  headers?: Record<string, string> | undefined;
  extraBody?: Record<string, JSONValue> | undefined;
  /** Size of the context, in tokens. */
  contextWindow?: number | undefined;
  form?: (typeof FORMS)[number] | undefined;
  callsPerMinute?: number | undefined;
  tokensPerMinute?: number | undefined;
}

/** `wrong`: why the text cannot be used, in one line with the model, the field and the expected value. */
export function readTunings(text: string): { tunings: ModelTunings } | { wrong: string } {
  const read = readByModel(text, tuningSchema);
  if ('wrong' in read) return read;
  return { tunings: Object.fromEntries(read.entries.map(([name, settings]) => [name, toTuning(settings)])) };
}

function toTuning(parsed: z.infer<typeof tuningSchema>): ModelTuning {
  return {
    maxOutputTokens: parsed.max_output_tokens,
    reasoningEffort: parsed.reasoning_effort,
    temperature: parsed.temperature,
    headers: parsed.headers,
    extraBody: parsed.extra_body,
    contextWindow: parsed.context_window,
    form: parsed.form,
    callsPerMinute: parsed.calls_per_minute,
    tokensPerMinute: parsed.tokens_per_minute,
  };
}

/** Merges the settings for all models of the provider with those of the model; the model's own take precedence. */
export function tuningOf(tunings: ModelTunings, spec: ModelSpec): ModelTuning {
  const entries = [tunings[`${spec.provider}:*`], tunings[nameOf(spec)]].flatMap((each) => Object.entries(each ?? {}));
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Lists texts of the settings that may be secrets: values of headers, their longer words, and every text in `extraBody`. */
export function secretsOf({ headers = {}, extraBody = {} }: ModelTuning): string[] {
  const values = Object.values(headers);
  // Short words such as "Bearer" are left out, because the patterns for other keys need them.
  const words = values.flatMap((value) => value.split(/\s+/)).filter(({ length }) => length > 7);
  return [...values, ...words, ...textsIn(extraBody)];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
