/**
 * After an approval, the gates judge the existing answer of the role again. The role is called again only if another objection remains.
 */
import type { Phase } from '../roles';
import type { BuildState } from './state';

/** Marks the current turn: its attempt judges the answer of the previous attempt instead of calling the role. */
export function adoptPreviousAnswer(build: BuildState): BuildState {
  return { ...build, adoptsInTurn: build.turn };
}

/** Returns the number of the attempt whose answer this turn judges again; undefined if the role must be called. */
export function adoptedAttempt({ adoptsInTurn, turn, attempts }: BuildState, phase: Phase): number | undefined {
  return adoptsInTurn === turn ? attempts[phase] - 1 : undefined;
}
