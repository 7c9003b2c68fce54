/**
 * The settings of money, a part of the list in settings.ts: the budget of a build, prices, and the bound of an answer.
 */
import { z } from 'zod';
import { DURATION_FORM, readDuration } from '../domain/durations';
import type { Price } from '../domain/money/price';
import { readUsd } from '../domain/money/usd';
import { file, number } from './setting-forms';

/** Gives micro-dollars. */
export const usd = {
  schema: z.string().transform((text, context) => {
    const microUsd = text.trim() === '' ? null : readUsd(Number(text));
    if (microUsd === null) context.addIssue('no sum');
    return microUsd ?? 0;
  }),
  rightForm: 'a number of US dollars with at most 6 decimals, such as 10 or 2.5',
};

/** Gives seconds. */
const duration = {
  schema: z.string().transform((text, context) => {
    const seconds = readDuration(/^\d+$/.test(text) ? Number(text) : text);
    if (seconds === null) context.addIssue('no duration');
    return seconds ?? 0;
  }),
  rightForm: DURATION_FORM,
};

const PRICE_PAIR = /^\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*$/;
const pricePair = {
  schema: z
    .string()
    .regex(PRICE_PAIR)
    .transform((text): Price => {
      const [, input = 0, output = 0] = (PRICE_PAIR.exec(text) ?? []).map(Number);
      return { input, output, cachedInput: input, cacheWrite: input };
    })
    .refine(({ input, output }) => input > 0 && output > 0),
  rightForm: 'two numbers above 0 with a comma between, such as 15,75',
};

export const MONEY = {
  BUDGET_USD: {
    ...usd,
    default: '10',
    description: 'US dollars that a build may spend whose start names no `budget.usd`.',
  },
  BUDGET_TOKENS: {
    ...number(0, Number.MAX_SAFE_INTEGER),
    default: '20000000',
    description: 'Tokens, input and output together, of a build whose start names no `budget.tokens`.',
  },
  BUDGET_CALLS: {
    ...number(0, Number.MAX_SAFE_INTEGER),
    default: '1000',
    description: 'Paid model calls of a build whose start names no `budget.calls`.',
  },
  BUDGET_WALL_CLOCK: {
    ...duration,
    default: '7d',
    description:
      'Time of work of a build whose start names no `budget.wall_clock`: waits for people and providers, and pauses, do not count.',
  },
  PRICES_FILE: {
    ...file,
    description: 'Prices of models, a JSON file: see the README. They count before those that the product knows.',
  },
  UNKNOWN_PRICE_USD_PER_MTOK: {
    ...pricePair,
    default: '15,75',
    description: 'Price of a model that is not known: US dollars per million tokens of input, and of output.',
  },
  MODEL_MAX_OUTPUT_TOKENS: {
    ...number(1_000, 10_000_000),
    default: '32000',
    description:
      'Most output tokens of a call whose model has no `max_output_tokens` in MODEL_SETTINGS; it bounds what the call can cost.',
  },
} as const;
