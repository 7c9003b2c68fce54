/**
 * Schemas of amounts of money, tokens and calls, as requests write them: `usd` as a number with at most six decimals.
 */
import { z } from 'zod';
import { DURATION_FORM, readDuration } from '../domain/durations';
import { USD_LIMIT, readUsd } from '../domain/money/usd';
import { wholeNumber } from './fields';

const usd = z.custom<number>((value) => readUsd(value) !== null, {
  error: `must be US dollars from 0 to ${USD_LIMIT}, with at most six decimals`,
});

/** A duration stays as it was written. */
export const duration = z.custom<string | number>((value) => readDuration(value) !== null, {
  error: `must be ${DURATION_FORM}`,
});

export const amountFields = {
  usd: usd.optional(),
  tokens: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  calls: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
};
