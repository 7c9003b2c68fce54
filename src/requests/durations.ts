/**
 * The schema of durations in requests: a text such as "90m", "24h" or "7d", or a number of seconds.
 */
import { z } from 'zod';
import { DURATION_FORM, readDuration } from '../domain/durations';

/** The value stays as it was given, so that a stored request keeps its text; `secondsOf` reads it. */
export const duration = z
  .union([z.string(), z.number()], { error: `must be ${DURATION_FORM}` })
  .refine((value) => readDuration(value) !== null, `must be ${DURATION_FORM}`);

/** Gives whole seconds; undefined for an absent duration. `value` must have passed the schema. */
export function secondsOf<T extends z.output<typeof duration> | undefined>(
  value: T,
): T extends undefined ? undefined : number;
export function secondsOf(value: z.output<typeof duration> | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = readDuration(value);
  if (seconds === null) throw new Error(`${JSON.stringify(value)} is no duration.`);
  return seconds;
}
