/**
 * The caps of a project: those of its own settings, and the installation's where it has none. Pure.
 */
import type { Amounts } from './amounts';
import type { GrantCaps } from './room';
import { readUsd } from './usd';

/** Amounts as requests write them. */
export interface WireAmounts {
  usd?: number | undefined;
  tokens?: number | undefined;
  calls?: number | undefined;
}

export function capsOf(
  budget: (WireAmounts & { day?: WireAmounts | undefined }) | undefined,
  defaults: GrantCaps,
): GrantCaps {
  return {
    total: { ...defaults.total, ...amountsIn(budget) },
    day: { ...defaults.day, ...amountsIn(budget?.day) },
  };
}

function amountsIn({ usd, tokens, calls }: WireAmounts = {}): Partial<Amounts> {
  const microUsd = readUsd(usd);
  return {
    ...(microUsd === null ? {} : { microUsd }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(calls === undefined ? {} : { calls }),
  };
}
