/**
 * The schemas of the query strings of read routes. They are strict: an unknown parameter is refused by name.
 */
import { z } from 'zod';
import { PAGE_NAMES } from '../domain/evidence/pages';
import { id, oneOf, wholeNumber } from '../requests/fields';

const limit = (standard: number, most: number) =>
  z
    .string({ error: 'must be given once' })
    .regex(/^\d{1,6}$/, `must be a whole number from 1 to ${most}`)
    .transform(Number)
    .pipe(wholeNumber(1, most))
    .default(standard);

export const historyQuerySchema = z.strictObject({ limit: limit(50, 1_000) });
export const evidenceQuerySchema = z.strictObject({
  name: z
    .string({ error: 'must be given once' })
    .refine((name) => PAGE_NAMES.includes(name), `must be one of ${PAGE_NAMES.join(', ')}`)
    .optional(),
});
export const listQuerySchema = z.strictObject({
  project_id: id.optional(),
  status: oneOf(['in_progress', 'waiting', 'paused', 'error', 'cancelled', 'complete']).optional(),
  cursor: z
    .string({ error: 'must be given once' })
    .regex(/^[A-Za-z0-9_-]{1,4000}$/, 'is not a cursor of this list: take next_cursor of an earlier answer')
    .optional(),
  limit: limit(50, 200),
});
export const noticesQuerySchema = z.strictObject({ state: oneOf(['pending', 'sent', 'dead']).optional() });
export type ListQuery = z.output<typeof listQuerySchema>;
