/**
 * The budget gate: where a budget does not allow the next model call, the build waits in its phase until there is more money.
 *
 * A gate of an earlier turn is void: the next call of the new turn is checked anew.
 */
import type { CapReached } from '../money/budget';
import { describeReached } from '../money/caps';
import type { DueEntry } from './due';
import { recordEvent } from './record-event';
import type { Cause } from './sender';
import { withUncounted } from './spend';
import type { BuildState } from './state';

export interface BudgetGate extends CapReached {
  /** When the cap was reached, ISO 8601. */
  at: string;
  /** The turn of the work that waits. */
  turn: number;
}

/** Where the work of a turn goes on after the gate, so that no step is done twice. */
export interface StepAt {
  turn: number;
  step: number;
  transcript: string | null;
  tree: string | null;
}

/** Returns null if no budget holds the build. */
export function budgetGateOf({ budgetGate, turn }: Pick<BuildState, 'budgetGate' | 'turn'>): BudgetGate | null {
  return budgetGate?.turn === turn ? budgetGate : null;
}

/** Closes the gate of a build that may not make its next call. `call` is the key of that call. */
export function withBudgetGate(
  build: BuildState,
  { reached, call, at }: { reached: CapReached; call: string; at: Omit<StepAt, 'turn'> },
  now: string,
): BuildState {
  const { turn } = build;
  const { scope, kind, cap, spent, needed } = reached;
  const heldBuild = { ...withUncounted(build, call), revision: build.revision + 1 };
  return recordEvent(
    { ...heldBuild, budgetGate: { ...reached, at: now, turn }, stepAt: { turn, ...at } },
    { actor: 'orchestrator', now },
    { type: 'over_budget', data: { scope, kind, cap, spent, needed, reason: describeReached(reached) } },
  );
}

/** Lets the build ask for its next call again. */
export function withoutBudgetGate(build: BuildState): BuildState {
  const { budgetGate: _, ...rest } = build;
  return rest as BuildState;
}

/** The step at which the work of this turn goes on; null: at its first step. */
export function stepAtOf({ stepAt, turn }: Pick<BuildState, 'stepAt' | 'turn'>): StepAt | null {
  return stepAt?.turn === turn ? stepAt : null;
}

/** The budget of a day is new at midnight UTC. */
export function budgetDueEntries(build: BuildState): DueEntry[] {
  const gate = budgetGateOf(build);
  if (gate?.scope !== 'day') return [];
  const at = midnightAfter(gate.at);
  const apply = (held: BuildState, now: string) =>
    passGate(held, { actor: 'orchestrator', now }, 'a new day has begun');
  return [{ at, apply }];
}

/** Opens the gate and notes why. */
export function passGate(build: BuildState, cause: Cause, reason: string): BuildState {
  const openBuild = { ...withoutBudgetGate(build), revision: build.revision + 1 };
  return recordEvent(openBuild, cause, { type: 'budget_returned', data: { reason } });
}

/** The next midnight in UTC after a time, ISO 8601. */
export function midnightAfter(time: string): string {
  const day = Date.parse(`${time.slice(0, 'yyyy-mm-dd'.length)}T00:00:00.000Z`);
  return new Date(day + 86_400_000).toISOString();
}
