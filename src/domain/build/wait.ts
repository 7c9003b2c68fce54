/**
 * The wait for a provider that asks for a long pause. It is part of the state, so people see it and can end it.
 */
import type { BuildState } from './state';

/** A wait that every provider of a role asks for. `until` is ISO 8601. */
export interface Wait {
  until: string;
  because: string;
}

/** Returns null if the build does not wait; a wait of an earlier turn is void. */
export function waitOf({ waiting, turn }: Pick<BuildState, 'waiting' | 'turn'>): Wait | null {
  return waiting?.turn === turn ? { until: waiting.until, because: waiting.because } : null;
}
