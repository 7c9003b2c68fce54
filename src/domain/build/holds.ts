/**
 * Holds: the reasons why a build may not begin new work now, although it has not ended. One question for all parts of the product.
 *
 * A new kind of hold is one member of `Hold` and one line in `HOLDS`. A held build stays in its state; `status` says `waiting`.
 */
import { awaitedGate, openPage } from '../people/approval-gate';
import { APPROVAL_GATES } from '../people/policy';
import { openQuestions } from '../people/questions';
import { budgetGateOf } from './budget-gate';
import type { BudgetGate } from './budget-gate';
import type { BuildState } from './state';

export type Hold =
  | { kind: 'paused' }
  /** Questions that a person may answer, by their ids. */
  | { kind: 'questions'; ids: string[] }
  /** An approval gate. `digest`: its page; null while the page is made. */
  | { kind: 'approval'; gate: string; digest: string | null }
  /** A budget that does not allow the next model call. */
  | { kind: 'budget'; gate: BudgetGate };

type FindHold = (build: BuildState) => Hold | null;

const findPause: FindHold = ({ paused }) => (paused ? { kind: 'paused' } : null);

const findQuestions: FindHold = (build) =>
  build.questions.length === 0 ? null : { kind: 'questions', ids: openQuestions(build).map(({ id }) => id) };

const findApproval: FindHold = (build) => {
  const kind = awaitedGate(build);
  if (kind === null) return null;
  return { kind: 'approval', gate: APPROVAL_GATES[kind].name, digest: openPage(build)?.digest ?? null };
};

const findBudget: FindHold = (build) => {
  const gate = budgetGateOf(build);
  return gate === null ? null : { kind: 'budget', gate };
};

/** In the order in which a person is told of them. */
const HOLDS: readonly FindHold[] = [findPause, findQuestions, findApproval, findBudget];

/** Everything that holds the build now; empty if nothing does. */
export function holdsOf(build: BuildState): Hold[] {
  return HOLDS.flatMap((findHold) => findHold(build) ?? []);
}

/** True if the build may neither leave a handoff state nor begin a step of a role. */
export function isHeld(build: BuildState): boolean {
  return HOLDS.some((findHold) => findHold(build) !== null);
}
