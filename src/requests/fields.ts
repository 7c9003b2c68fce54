/**
 * Schemas of fields that several requests have: texts, whole numbers, names, argument lists, JSON objects.
 *
 * Each message states what the field accepts; the parser of the request adds the field's name.
 */
import { z } from 'zod';
import { isId } from '../domain/ids';
import { isObject } from '../domain/json';
import type { JsonObject } from '../domain/json';

/** The object is passed on and not copied, so that a member named `__proto__` stays an ordinary member. */
export const jsonObject = z.custom<JsonObject>(isObject, { error: 'must be a JSON object' });

export const lowerCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
/** Accepts upper case, and gives lower case. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.preprocess(lowerCase, z.enum(values, { error: `must be one of ${values.join(', ')}` }));

export const text = (limit: number) =>
  z
    .string({ error: `must be 1 to ${limit} characters of text` })
    .max(limit, `must be 1 to ${limit} characters of text`)
    .refine((value) => value.trim() !== '', `must be 1 to ${limit} characters of text`);

export const wholeNumber = (min: number, max: number) =>
  z
    .number({ error: `must be a whole number from ${min} to ${max}` })
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be a whole number from ${min} to ${max}`)
    .max(max, `must be a whole number from ${min} to ${max}`);

export const id = z.string({ error: 'must be text' }).refine(isId, 'must be 1 to 64 letters, digits, "_" or "-"');

export const argumentList = z
  .array(
    text(4_000).refine((word) => !word.includes('\0'), 'must not hold a NUL'),
    {
      error: 'must be a list of arguments',
    },
  )
  .min(1, 'is empty')
  .max(200, 'is too long');
