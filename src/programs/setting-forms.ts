/**
 * What a setting is, and the forms that values of settings have.
 */
import { z } from 'zod';

export interface Setting {
  schema: z.ZodType;
  /** What a right value looks like, for the one line that says a value is wrong. */
  right: string;
  /** As it would stand in the environment; undefined: unset. */
  default?: string;
  description: string;
  /** Its value is never shown. */
  secret?: true;
}

const whole = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));
export const number = (min: number, max: number) => ({
  schema: whole(min, max),
  right: `a whole number from ${min} to ${max}`,
});
export const text = { schema: z.string(), right: 'a text' };
export const file = { schema: z.string(), right: 'a file' };
export const folder = { schema: z.string(), right: 'a folder' };
export const secret = { ...text, secret: true } as const;
export const url = { schema: z.url({ protocol: /^https?$/ }), right: 'a url that starts with http:// or https://' };
export const oneOf = <const T extends readonly string[]>(...values: T) => ({
  schema: z.enum(values),
  right: `one of ${values.join(', ')}`,
});
