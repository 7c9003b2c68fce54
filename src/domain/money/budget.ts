/**
 * The budget of a build, of a project and of a day: its caps, and the description of a cap that stops a build. Pure.
 */
import type { Amounts } from './amounts';

/** The caps of a budget; an absent member is not limited. */
export interface Budget extends Partial<Amounts> {
  /** Seconds of work: waits for people and for providers, and pauses, do not count. Only a build has this cap. */
  wallClockS?: number;
}

export type BudgetScope = 'build' | 'project' | 'day';
export type BudgetKind = 'usd' | 'tokens' | 'calls' | 'wall_clock';

/** A cap that a call would exceed. Amounts are in the unit of the kind: micro-dollars, tokens, calls, seconds. */
export interface CapReached {
  /** `day`: the current day in UTC of the project. */
  scope: BudgetScope;
  kind: BudgetKind;
  cap: number;
  /** What is spent or reserved already. */
  spent: number;
  /** What the refused call may cost at most. */
  needed: number;
}
