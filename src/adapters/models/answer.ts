/**
 * A model's text, judged against the schema it was asked for.
 */
import { parsePartialJson } from 'ai';
import type { z } from 'zod';

export type Judged = { kind: 'fits'; output: unknown } | { kind: 'cut' } | { kind: 'misfit'; misfits: Misfit[] };

/** `path` and `code` may stand in a failure; `message` may quote the answer, so it goes back to the model only. */
export interface Misfit {
  path: string;
  code: string;
  message: string;
}

const MAX_MISFITS = 20;

export async function judgeAnswer(text: string, schema: z.ZodType): Promise<Judged> {
  const json = withoutFence(text.trim());
  const { value, state } = await parsePartialJson(json);
  if (state === 'repaired-parse' && json.startsWith('{')) return { kind: 'cut' };
  if (state !== 'successful-parse')
    return { kind: 'misfit', misfits: [{ path: 'answer', code: 'not_json', message: 'The answer is not JSON.' }] };
  return judgeValue(value, schema);
}

export function judgeValue(value: unknown, schema: z.ZodType): Exclude<Judged, { kind: 'cut' }> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: 'fits', output: parsed.data };
  const misfits = parsed.error.issues.slice(0, MAX_MISFITS).map(({ path, code, message }) => ({
    path: path.map(plain).join('.') || 'answer',
    code,
    message: message.slice(0, 300),
  }));
  return { kind: 'misfit', misfits };
}

/** Servers without structured output often wrap the answer so; a repair turn for that would be money for nothing. */
function withoutFence(text: string): string {
  return /^```(?:json)?\s*\n([\s\S]*?)\n?```$/.exec(text)?.[1]?.trim() ?? text;
}

/** Keys of a free-form record are the model's own words. */
function plain(part: PropertyKey): string {
  const text = String(part);
  return /^\w{1,40}$/.test(text) ? text : '*';
}
