/**
 * The share of its budget that a build has used. Pure.
 */
import type { Amounts } from './amounts';
import type { Budget, CapReached } from './budget';

/** The members of a build that its share depends on. All are absent in a build without a budget. */
interface BuildWithBudget {
  budget?: Budget;
  spend?: ReadonlyArray<{ calls: number; inputTokens: number; outputTokens: number; microUsd: number }>;
  budgetGate?: CapReached;
}

/**
 * Gives the largest share of any cap in percent, as a whole number; 100 or more if a cap of the build holds it. Null for a build
 * without a budget.
 */
export function budgetShareOf(build: object): number | null {
  const { budget, spend = [], budgetGate } = build as BuildWithBudget;
  if (budget === undefined) return null;
  const used: Amounts = {
    microUsd: sumOf(spend.map(({ microUsd }) => microUsd)),
    tokens: sumOf(spend.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens)),
    calls: sumOf(spend.map(({ calls }) => calls)),
  };
  const shares = (['microUsd', 'tokens', 'calls'] as const).map((kind) => shareOf(used[kind], budget[kind]));
  // The next call would exceed the cap, so what is left of the budget cannot be used.
  const held = budgetGate?.scope === 'build' ? 100 : 0;
  return Math.max(held, ...shares);
}

function shareOf(used: number, cap: number | undefined): number {
  if (cap === undefined) return 0;
  if (cap <= 0) return 100;
  return Math.floor((used / cap) * 100);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
