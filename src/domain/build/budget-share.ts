/**
 * The share of its budget that a build has used. Pure.
 */
import { AMOUNT_KINDS } from '../money/amounts';
import { totalOf } from '../money/spend';
import { budgetGateOf } from './budget-gate';
import type { BuildState } from './state';

/**
 * Gives the largest share of any cap of the build in percent, rounded down; at least 100 while a cap of the build holds it. Null for a
 * build without a budget.
 */
export function budgetShareOf(build: BuildState): number | null {
  const { budget, spend, workedMs = 0 } = build;
  if (budget === undefined) return null;
  const used = totalOf(spend);
  const shares = AMOUNT_KINDS.map((kind) => shareOf(used[kind], budget[kind]));
  const { wallClockS } = budget;
  const timeShare = shareOf(workedMs, wallClockS === undefined ? undefined : wallClockS * 1_000);
  // The next call would exceed the cap, so what is left of the budget cannot be used.
  const held = budgetGateOf(build)?.scope === 'build' ? 100 : 0;
  return Math.max(held, timeShare, ...shares);
}

function shareOf(used: number, cap: number | undefined): number {
  if (cap === undefined) return 0;
  return cap <= 0 ? 100 : Math.floor((used / cap) * 100);
}
