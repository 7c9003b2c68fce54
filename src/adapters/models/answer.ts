/**
 * A model's text, judged against the schema it was asked for.
 */
import { parsePartialJson } from 'ai';
import type { z } from 'zod';
import { judgeValue } from './judge-value';
import type { JudgedValue } from './judge-value';

export async function judgeAnswer(text: string, schema: z.ZodType): Promise<JudgedValue | { kind: 'cut' }> {
  const json = withoutFence(text.trim());
  const { value, state } = await parsePartialJson(json);
  if (state === 'repaired-parse' && json.startsWith('{')) return { kind: 'cut' };
  if (state !== 'successful-parse')
    return { kind: 'misfit', misfits: [{ path: 'answer', code: 'not_json', message: 'The answer is not JSON.' }] };
  return judgeValue(value, schema);
}

/** Servers without structured output often wrap the answer so; a repair turn for that would be money for nothing. */
function withoutFence(text: string): string {
  return /^```(?:json)?\s*\n([\s\S]*?)\n?```$/.exec(text)?.[1]?.trim() ?? text;
}
