/**
 * After an approval: the answer that findings held is judged again, and its role is asked only where something else speaks against it.
 */
import type { Phase } from '../roles';
import type { BuildState } from './state';

/** In the attempt that has just begun, the answer of the one before it counts. */
export function adoptingAnswer(build: BuildState): BuildState {
  return { ...build, adoptsInTurn: build.turn };
}

/** The attempt at the phase whose answer counts now. */
export function adoptedBy({ adoptsInTurn, turn, attempts }: BuildState, phase: Phase): number | undefined {
  return adoptsInTurn === turn ? attempts[phase] - 1 : undefined;
}
