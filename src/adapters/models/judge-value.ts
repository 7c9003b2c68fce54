/**
 * A value, judged against the schema it was asked for. Knows no SDK, so the scripted model needs none.
 */
import type { z } from 'zod';

export type JudgedValue = { kind: 'fits'; output: unknown } | { kind: 'misfit'; misfits: Misfit[] };

/** `path` and `code` may stand in a failure; `message` may quote the answer, so it goes back to the model only. */
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
    path: path.map(plain).join('.') || 'answer',
    code,
    message: message.slice(0, 300),
  }));
  return { kind: 'misfit', misfits };
}

/** Keys of a free-form record are the model's own words. */
function plain(part: PropertyKey): string {
  const text = String(part);
  return /^\w{1,40}$/.test(text) ? text : '*';
}
