/**
 * Checks a model's output against the schema of the request. It uses no SDK, so that the scripted model needs none.
 */
import type { z } from 'zod';

export type JudgedValue = { kind: 'fits'; output: unknown } | { kind: 'misfit'; misfits: Misfit[] };

/** One error of the output. `path` and `code` may appear in a failure; `message` may quote the answer, so only the model gets it. */
export interface Misfit {
  path: string;
  code: string;
  message: string;
}

const MAX_MISFITS = 20;

export function judgeValue(value: unknown, schema: z.ZodType): JudgedValue {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: 'fits', output: parsed.data };
  const misfits = parsed.error.issues.slice(0, MAX_MISFITS).map(({ path, code, message }) => ({
    path: path.map(pathPart).join('.') || 'answer',
    code,
    message: message.slice(0, 300),
  }));
  return { kind: 'misfit', misfits };
}

/** Replaces a key of a free-form record with `*`, because the model chose its text. */
function pathPart(part: PropertyKey): string {
  const text = String(part);
  return /^\w{1,40}$/.test(text) ? text : '*';
}
