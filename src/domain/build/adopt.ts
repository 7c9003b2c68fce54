/**
 * After an approval: the answer that findings held is judged again, and its role is asked only where something else speaks against it.
 */
import type { Phase } from '../roles';
import type { BuildState } from './state';

/** The attempt that gave the answer, and the turn in which it is judged again. */
export interface Adopted {
  phase: Phase;
  attempt: number;
  turn: number;
}

/** In the attempt at `phase` that has just begun, the answer of the one before it counts. */
export function adoptingAnswer(build: BuildState, phase: Phase): BuildState {
  return { ...build, adopts: { phase, attempt: build.attempts[phase] - 1, turn: build.turn } };
}

/** The attempt whose answer counts now. */
export function adoptedBy({ adopts, turn }: BuildState, phase: Phase): number | undefined {
  return adopts?.phase === phase && adopts.turn === turn ? adopts.attempt : undefined;
}
