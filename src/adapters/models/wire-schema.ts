/**
 * A zod schema as the providers take it.
 *
 * Most refuse lengths, counts and patterns (a 400, or silence); as words in the description the model still reads them,
 * and zod holds the answer to them afterwards. Servers that make a grammar of the schema enforce some of them.
 */
import type { JSONSchema7 } from 'ai';
import { z } from 'zod';

/** How limits go out: as words only, or those that a grammar can hold as keywords, too. */
export type Limits = 'words' | 'keywords';

const LIMITS = [
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'propertyNames',
];
/** What llama.cpp and vLLM enforce. A grammar counts each repetition, and large ones are refused. */
const ENFORCED = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum'];
const MOST_REPETITIONS = 1_000;
/** Larger bounds are those of the number type. */
const LARGEST_BOUND = 1e9;

export function wireSchema(schema: z.ZodType, limits: Limits = 'words'): JSONSchema7 {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      limitsToWords(jsonSchema as Record<string, unknown>, limits);
      requireAll(jsonSchema as Record<string, unknown>);
    },
  }) as JSONSchema7;
}

function limitsToWords(node: Record<string, unknown>, limits: Limits): void {
  const words: string[] = [];
  for (const limit of LIMITS) {
    const value = node[limit];
    if (value === undefined || (limits === 'keywords' && isEnforced(limit, value))) continue;
    words.push(`${limit}: ${String(value)}`);
    delete node[limit];
  }
  if (words.length > 0) node['description'] = [node['description'], `(${words.join(', ')})`].filter(Boolean).join(' ');
}

function isEnforced(limit: string, value: unknown): boolean {
  if (!ENFORCED.includes(limit) || typeof value !== 'number') return false;
  return Math.abs(value) <= (limit.endsWith('mum') ? LARGEST_BOUND : MOST_REPETITIONS);
}

/** Strict structured output takes no member that may be left out; a schema whose member may be takes null for it. */
function requireAll(node: Record<string, unknown>): void {
  const { properties } = node;
  if (typeof properties === 'object' && properties !== null) node['required'] = Object.keys(properties);
}
