/**
 * A zod schema as the providers' structured output takes it.
 *
 * They refuse lengths, counts and patterns (a 400, or silence); as words in the description the model still reads
 * them, and zod holds the answer to them afterwards.
 */
import type { JSONSchema7 } from 'ai';
import { z } from 'zod';

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

export function wireSchema(schema: z.ZodType): JSONSchema7 {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      limitsToWords(jsonSchema as Record<string, unknown>);
      requireAll(jsonSchema as Record<string, unknown>);
    },
  }) as JSONSchema7;
}

function limitsToWords(node: Record<string, unknown>): void {
  const words: string[] = [];
  for (const limit of LIMITS) {
    if (node[limit] === undefined) continue;
    words.push(`${limit}: ${String(node[limit])}`);
    delete node[limit];
  }
  if (words.length > 0) node['description'] = [node['description'], `(${words.join(', ')})`].filter(Boolean).join(' ');
}

/** Strict structured output takes no member that may be left out; a schema whose member may be takes null for it. */
function requireAll(node: Record<string, unknown>): void {
  const { properties } = node;
  if (typeof properties === 'object' && properties !== null) node['required'] = Object.keys(properties);
}
