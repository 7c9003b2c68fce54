/**
 * Says in words what a build at a budget gate waits for, and who can give it.
 */
import { showDuration } from '../durations';
import { workflowIdOf } from '../ids';
import { describeReached } from '../money/caps';
import { showUsd } from '../money/usd';
import type { BudgetGate } from './budget-gate';
import { midnightAfter } from './budget-gate';
import type { BuildState } from './state';

/** Short, because a status shows at most some 200 characters of it. */
export function budgetExpectation(build: BuildState, gate: BudgetGate): string {
  const what = describeReached(gate);
  const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  switch (gate.scope) {
    case 'build':
      return `${sentence}; POST ${workflowIdOf(build)}/budget raises it, to ${leastTotal(gate)}`;
    case 'project':
      return `${sentence}; PUT the project's settings, or wait for other builds to end`;
    case 'day':
      return `${sentence}; PUT the project's settings, or wait until ${midnightAfter(gate.at)}`;
  }
}

/** The smallest total with which the refused call is allowed, if nothing else is spent meanwhile. */
function leastTotal({ kind, spent, needed, cap }: BudgetGate): string {
  const least = spent + needed;
  if (kind === 'usd') return `${showUsd(least)} USD or more`;
  if (kind === 'wall_clock') return `more than ${showDuration(cap)}`;
  return `${least} ${kind} or more`;
}
