/**
 * Checks amounts against the caps of a budget, and describes in words a cap that is reached. Pure.
 */
import { showDuration } from '../durations';
import { addAmounts, kindOverCap } from './amounts';
import type { AmountKind, Amounts } from './amounts';
import type { Budget, BudgetKind, CapReached } from './budget';
import { showUsd } from './usd';

const KIND_OF: Readonly<Record<AmountKind, BudgetKind>> = { microUsd: 'usd', tokens: 'tokens', calls: 'calls' };

/** Gives the cap of a build that `needed` would exceed after `spent`; null if all caps allow it. */
export function capReachedBy(budget: Budget, spent: Amounts, needed: Amounts): CapReached | null {
  const kind = kindOverCap(addAmounts(spent, needed), budget);
  if (kind === null) return null;
  return { scope: 'build', kind: KIND_OF[kind], cap: budget[kind] ?? 0, spent: spent[kind], needed: needed[kind] };
}

/** Gives the cap of the time of work if `workedMs` has reached it; null if not. */
export function wallClockReached({ wallClockS }: Budget, workedMs: number): CapReached | null {
  if (wallClockS === undefined || workedMs < wallClockS * 1000) return null;
  const spent = Math.floor(workedMs / 1000);
  return { scope: 'build', kind: 'wall_clock', cap: wallClockS, spent, needed: 0 };
}

const OWNER_OF = { build: 'this build', project: 'the project', day: 'the project for this day (UTC)' } as const;

/** Describes the cap in one sentence, as in "the budget of this build is reached: 9.80 of 10.00 USD spent, the next call may take 0.53 USD". */
export function describeReached({ scope, kind, cap, spent, needed }: CapReached): string {
  const owner = `the budget of ${OWNER_OF[scope]} is reached`;
  if (kind === 'wall_clock') return `${owner}: ${showDuration(spent)} of ${showDuration(cap)} of work are over`;
  if (kind === 'usd')
    return `${owner}: ${showUsd(spent)} of ${showUsd(cap)} USD spent, the next call may take ${showUsd(needed)} USD`;
  return `${owner}: ${spent} of ${cap} ${kind} used, the next call may take ${needed}`;
}
