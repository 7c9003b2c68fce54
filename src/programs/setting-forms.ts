/**
 * The type of a setting, and the schemas that several settings share.
 */
import { z } from 'zod';
import { readHost } from '../adapters/network/allow-list';
import type { AllowedHost } from '../adapters/network/allow-list';

export interface Setting {
  schema: z.ZodType;
  /** The right form of a value, for the error message. */
  rightForm: string;
  /** The default, as a value of the environment; undefined: unset. */
  default?: string;
  description: string;
  /** True where the value must never be shown. */
  secret?: true;
}

const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));
export const number = (min: number, max: number) => ({
  schema: wholeNumber(min, max),
  rightForm: `a whole number from ${min} to ${max}`,
});
export const text = { schema: z.string(), rightForm: 'a text' };
export const file = { schema: z.string(), rightForm: 'a file' };
export const folder = { schema: z.string(), rightForm: 'a folder' };
export const secret = { ...text, secret: true } as const;
export const url = { schema: z.url({ protocol: /^https?$/ }), rightForm: 'a url that starts with http:// or https://' };
export const oneOf = <const T extends readonly string[]>(...values: T) => ({
  schema: z.enum(values),
  rightForm: `one of ${values.join(', ')}`,
});

/** A list with commas. Empty entries are left out; an unreadable entry is named in the error. */
export const listOf = <T>(read: (entry: string) => T | undefined) =>
  z.string().transform((value, context) =>
    value
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .flatMap((entry) => {
        const value = read(entry);
        if (value === undefined) context.addIssue(entry);
        return value === undefined ? [] : [value];
      }),
  );

/** Reads an origin in the form that browsers send; undefined where the text is not an origin. */
export function readOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[a-z0-9.:[\]-]+$/i.test(text) || !URL.canParse(text)) return undefined;
  const { origin } = new URL(text);
  return origin === text.toLowerCase() ? origin : undefined;
}

export const hostList = {
  schema: listOf((entry): AllowedHost | undefined => readHost(entry)),
  rightForm: 'names of servers with commas between, each host, *.host or host:port',
};
