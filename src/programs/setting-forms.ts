/**
 * What a setting is, and the forms that values of settings have.
 */
import { z } from 'zod';
import { readHost } from '../adapters/network/allow-list';
import type { AllowedHost } from '../adapters/network/allow-list';

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

/** Entries with commas between; an empty one is left out, and one that cannot be read is named. */
export const listOf = <T>(read: (entry: string) => T | undefined) =>
  z.string().transform((value, context) =>
    value
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .flatMap((entry) => {
        const one = read(entry);
        if (one === undefined) context.addIssue(entry);
        return one === undefined ? [] : [one];
      }),
  );

/** An origin as browsers send it; undefined where the text is none. */
export function readOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[a-z0-9.:[\]-]+$/i.test(text) || !URL.canParse(text)) return undefined;
  const { origin } = new URL(text);
  return origin === text.toLowerCase() ? origin : undefined;
}

export const hostList = {
  schema: listOf((entry): AllowedHost | undefined => readHost(entry)),
  right: 'names of servers with commas between, each host, *.host or host:port',
};
