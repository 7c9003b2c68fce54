/**
 * Reads the settings of money: the default budget of a build, prices, and the bound of an answer.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PriceSettings } from '../adapters/models/prices';
import { readPrices } from '../adapters/models/price-file';
import { showDuration } from '../domain/durations';
import type { Budget } from '../domain/money/budget';
import { showUsd } from '../domain/money/usd';
import { ConfigError } from './config-error';
import type { SettingValues } from './settings';

export interface MoneyConfig {
  /** The caps of a build whose start names none. */
  budget: Required<Budget>;
  prices: PriceSettings;
  outputTokensLimit: number;
}

export function readMoney(values: SettingValues): MoneyConfig {
  return {
    budget: {
      microUsd: values.BUDGET_USD,
      tokens: values.BUDGET_TOKENS,
      calls: values.BUDGET_CALLS,
      wallClockS: values.BUDGET_WALL_CLOCK,
    },
    prices: { overrides: readOverrides(values.PRICES_FILE), unknown: values.UNKNOWN_PRICE_USD_PER_MTOK },
    outputTokensLimit: values.MODEL_MAX_OUTPUT_TOKENS,
  };
}

function readOverrides(path: string | undefined): PriceSettings['overrides'] {
  if (path === undefined) return {};
  const result = readPrices(readText(path));
  if ('prices' in result) return result.prices;
  throw new ConfigError(`PRICES_FILE="${path}" is wrong: ${result.wrong}`);
}

function readText(path: string): string {
  try {
    return readFileSync(resolve(path), 'utf8');
  } catch {
    throw new ConfigError(`PRICES_FILE="${path}" is wrong: the file cannot be read`);
  }
}

/** One line for the start of a program. */
export function describeBudget({ microUsd, tokens, calls, wallClockS }: Required<Budget>): string {
  const caps = `${showUsd(microUsd)} USD, ${tokens} tokens, ${calls} model calls, ${showDuration(wallClockS)} of work`;
  return `budget of a build that names none: ${caps} (BUDGET_USD, BUDGET_TOKENS, BUDGET_CALLS, BUDGET_WALL_CLOCK)`;
}
