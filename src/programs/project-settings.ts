/**
 * The settings of projects for which no other ones are stored: the caps of their money.
 */
import type { GrantCaps } from '../domain/money/room';
import { usd } from './budget-settings';
import { number } from './setting-forms';
import type { SettingValues } from './settings';

const tokens = number(0, Number.MAX_SAFE_INTEGER);
const calls = number(0, Number.MAX_SAFE_INTEGER);

/** Each cap holds for all builds of a project together. PUT settings of a project replaces it for that project. */
export const PROJECT_BUDGETS = {
  PROJECT_BUDGET_USD: {
    ...usd,
    default: '500',
    description: 'What all builds of a project may spend, in US dollars.',
  },
  PROJECT_BUDGET_TOKENS: { ...tokens, default: '1000000000', description: 'Most tokens of all builds of a project.' },
  PROJECT_BUDGET_CALLS: {
    ...calls,
    default: '50000',
    description: 'Most paid model calls of all builds of a project.',
  },
  PROJECT_DAY_BUDGET_USD: {
    ...usd,
    default: '100',
    description: 'What all builds of a project may spend on one day in UTC, in US dollars.',
  },
  PROJECT_DAY_BUDGET_TOKENS: {
    ...tokens,
    default: '200000000',
    description: 'Most tokens of a project on one day in UTC.',
  },
  PROJECT_DAY_BUDGET_CALLS: {
    ...calls,
    default: '10000',
    description: 'Most paid model calls of a project on one day in UTC.',
  },
} as const;

export function readProjectCaps(values: SettingValues): GrantCaps {
  return {
    total: {
      microUsd: values.PROJECT_BUDGET_USD,
      tokens: values.PROJECT_BUDGET_TOKENS,
      calls: values.PROJECT_BUDGET_CALLS,
    },
    day: {
      microUsd: values.PROJECT_DAY_BUDGET_USD,
      tokens: values.PROJECT_DAY_BUDGET_TOKENS,
      calls: values.PROJECT_DAY_BUDGET_CALLS,
    },
  };
}
