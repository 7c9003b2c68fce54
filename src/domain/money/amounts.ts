/**
 * Amounts that budgets limit: money in whole micro-dollars, tokens and paid model calls. Pure.
 */

/** `microUsd`: millionths of a US dollar, a whole number. `tokens`: input and output together. `calls`: paid model calls. */
export interface Amounts {
  microUsd: number;
  tokens: number;
  calls: number;
}

export const AMOUNT_KINDS = ['microUsd', 'tokens', 'calls'] as const satisfies ReadonlyArray<keyof Amounts>;
export type AmountKind = (typeof AMOUNT_KINDS)[number];

export const NOTHING: Amounts = { microUsd: 0, tokens: 0, calls: 0 };

export function addAmounts(a: Amounts, b: Amounts): Amounts {
  return eachKind((kind) => a[kind] + b[kind]);
}

/** Subtracts `b` from `a`; no amount goes below zero. */
export function subtractAmounts(a: Amounts, b: Amounts): Amounts {
  return eachKind((kind) => Math.max(0, a[kind] - b[kind]));
}

/** Gives the larger of each amount. */
export function largerAmounts(a: Amounts, b: Amounts): Amounts {
  return eachKind((kind) => Math.max(a[kind], b[kind]));
}

/** Gives the first kind of which `amounts` has more than `caps` allow; null if there is none. A kind without a cap is not limited. */
export function kindOverCap(amounts: Amounts, caps: Partial<Amounts>): AmountKind | null {
  return AMOUNT_KINDS.find((kind) => amounts[kind] > (caps[kind] ?? Infinity)) ?? null;
}

function eachKind(value: (kind: AmountKind) => number): Amounts {
  return { microUsd: value('microUsd'), tokens: value('tokens'), calls: value('calls') };
}
