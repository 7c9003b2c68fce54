/**
 * The kinds of fields that requests are made of: texts, whole numbers, names, argument lists, JSON objects.
 *
 * Each says in its message what it takes; the field's name is added by the reader of the request.
 */
import { z } from 'zod';
import { isId } from '../domain/ids';
import { isObject } from '../domain/json';
import type { JsonObject } from '../domain/json';

/** Passed on as it came, not copied: a member named `__proto__` is a name like any other. */
export const jsonObject = z.custom<JsonObject>(isObject, { error: 'must be a JSON object' });

export const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
/** Taken in upper case too, and lower case from here on. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.preprocess(lower, z.enum(values, { error: `must be one of ${values.join(', ')}` }));

export const text = (limit: number) =>
  z
    .string({ error: `must be 1 to ${limit} characters of text` })
    .max(limit, `must be 1 to ${limit} characters of text`)
    .refine((value) => value.trim() !== '', `must be 1 to ${limit} characters of text`);

export const whole = (min: number, max: number) =>
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
