/**
 * Settings of single models, from the JSON file that MODEL_SETTINGS names: `{"<provider>:<id>": {…}, "<provider>:*": {…}}`.
 */
import type { JSONValue } from 'ai';
import { z } from 'zod';
import { FORMS } from './forms-list';
import type { ModelSpec } from './model-spec';
import { nameOf } from './model-spec';
import { PROVIDERS } from './providers';

const tuningSchema = z.strictObject({
  /** Tokens. */
  max_output_tokens: z.number().int().min(1).max(10_000_000).optional(),
  /** The provider's own word, such as `low` or `high`. */
  reasoning_effort: z.string().min(1).max(40).optional(),
  temperature: z.number().min(0).max(2).optional(),
  headers: z.record(z.string().regex(/^[\w-]+$/), z.string()).optional(),
  /** Members that are laid over the body of each request. */
  extra_body: z.record(z.string(), z.json()).optional(),
  /** Tokens of input and output together. */
  context_window: z.number().int().min(1_000).max(100_000_000).optional(),
  form: z.enum(FORMS).optional(),
});
const namePattern = new RegExp(`^(?:${PROVIDERS.map(({ name }) => name).join('|')}):.+$`);

/** By `<provider>:<id>` or `<provider>:*`. */
export type ModelTunings = Readonly<Record<string, ModelTuning>>;
export interface ModelTuning {
  maxOutputTokens?: number | undefined;
  reasoningEffort?: string | undefined;
  temperature?: number | undefined;
  headers?: Record<string, string> | undefined;
  extraBody?: Record<string, JSONValue> | undefined;
  /** Tokens. */
  contextWindow?: number | undefined;
  form?: (typeof FORMS)[number] | undefined;
}

/** Gives the reason in one line where the text cannot be used: the model and the field that are wrong, and what is right. */
export function readTunings(text: string): { tunings: ModelTunings } | { wrong: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { wrong: 'it is not JSON' };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { wrong: 'it is not a JSON object' };
  const tunings: Record<string, ModelTuning> = {};
  for (const [name, given] of Object.entries(json)) {
    if (!namePattern.test(name)) return { wrong: `"${name}" names no model: write <provider>:<id> or <provider>:*` };
    const parsed = tuningSchema.safeParse(given);
    if (!parsed.success) return { wrong: `${name}: ${firstIssue(parsed.error)}` };
    tunings[name] = toTuning(parsed.data);
  }
  return { tunings };
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message}`;
}

function toTuning(given: z.infer<typeof tuningSchema>): ModelTuning {
  return {
    maxOutputTokens: given.max_output_tokens,
    reasoningEffort: given.reasoning_effort,
    temperature: given.temperature,
    headers: given.headers,
    extraBody: given.extra_body,
    contextWindow: given.context_window,
    form: given.form,
  };
}

/** Those of the model, over those of all models of its provider. */
export function tuningOf(tunings: ModelTunings, spec: ModelSpec): ModelTuning {
  const given = [tunings[`${spec.provider}:*`], tunings[nameOf(spec)]].flatMap((one) => Object.entries(one ?? {}));
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** What the settings send that may be a key: values of headers, whole and by their longer words, and each text in the body. */
export function secretsOf({ headers = {}, extraBody = {} }: ModelTuning): string[] {
  const values = Object.values(headers);
  // Not "Bearer" and its like, by which other keys are found in a text.
  const words = values.flatMap((value) => value.split(/\s+/)).filter(({ length }) => length > 7);
  return [...values, ...words, ...textsIn(extraBody)];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
