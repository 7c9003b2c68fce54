/**
 * The member `budget` of a start request: its schema, and the caps that it names.
 */
import { z } from 'zod';
import type { Budget } from '../domain/money/budget';
import { USD_LIMIT, readUsd } from '../domain/money/usd';
import { duration, secondsOf } from './durations';
import { wholeNumber } from './fields';

const USD_FORM = `must be a number of US dollars from 0 to ${USD_LIMIT} with at most 6 decimals`;
const usd = z.number({ error: USD_FORM }).refine((value) => readUsd(value) !== null, USD_FORM);

export const budgetSchema = z.strictObject({
  usd: usd.optional(),
  tokens: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  calls: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  wall_clock: duration.optional(),
});
type BudgetRequest = z.output<typeof budgetSchema>;

/** Gives the named caps; a cap that is not named is absent. */
export function budgetIn({ usd, tokens, calls, wall_clock: wallClock }: BudgetRequest = {}): Budget {
  const caps = {
    microUsd: usd === undefined ? undefined : (readUsd(usd) ?? 0),
    tokens,
    calls,
    wallClockS: wallClock === undefined ? undefined : secondsOf(wallClock),
  };
  return Object.fromEntries(Object.entries(caps).filter(([, cap]) => cap !== undefined));
}
