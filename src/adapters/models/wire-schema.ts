/**
 * Converts a zod schema to a JSON Schema that the providers accept.
 *
 * Most providers refuse or ignore limits such as lengths, counts and patterns. They are moved into the description, where the model
 * reads them; zod checks them in the answer. Servers that turn the schema into a grammar enforce some limits themselves.
 */
import type { JSONSchema7 } from 'ai';
import { z } from 'zod';

/** `words`: all limits go into the description. `keywords`: limits that a grammar can enforce stay in the schema. */
export type LimitStyle = 'words' | 'keywords';

const LIMIT_KEYWORDS = [
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
/** Limits that llama.cpp and vLLM enforce. They refuse large counts, because a grammar spells out each repetition. */
const ENFORCED_KEYWORDS = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum'];
const MAX_REPETITIONS = 1_000;
/** A larger bound comes from the number type itself and is no limit of the schema. */
const LARGEST_BOUND = 1e9;

export function wireSchema(schema: z.ZodType, limits: LimitStyle = 'words'): JSONSchema7 {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      moveLimitsToDescription(jsonSchema as Record<string, unknown>, limits);
      requireAll(jsonSchema as Record<string, unknown>);
    },
  }) as JSONSchema7;
}

function moveLimitsToDescription(node: Record<string, unknown>, limits: LimitStyle): void {
  const words: string[] = [];
  for (const limit of LIMIT_KEYWORDS) {
    const value = node[limit];
    if (value === undefined || (limits === 'keywords' && isEnforced(limit, value))) continue;
    words.push(`${limit}: ${String(value)}`);
    delete node[limit];
  }
  if (words.length > 0) node['description'] = [node['description'], `(${words.join(', ')})`].filter(Boolean).join(' ');
}

function isEnforced(limit: string, value: unknown): boolean {
  if (!ENFORCED_KEYWORDS.includes(limit) || typeof value !== 'number') return false;
  return Math.abs(value) <= (limit.endsWith('mum') ? LARGEST_BOUND : MAX_REPETITIONS);
}

/** Marks every member as required, as strict structured output demands. The schemas accept null for an optional member. */
function requireAll(node: Record<string, unknown>): void {
  const { properties } = node;
  if (typeof properties === 'object' && properties !== null) node['required'] = Object.keys(properties);
}
