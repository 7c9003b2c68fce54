/**
 * The wait for a provider that asks not to be called for a long time: part of the state, so that it is seen and can be ended.
 */
import type { BuildState } from './state';

/** Every model of a role asks to wait. `until` is ISO 8601. */
export interface Wait {
  until: string;
  because: string;
}

/** Null where nothing is waited for: a wait of an earlier turn is void. */
export function waitOf({ waiting, turn }: Pick<BuildState, 'waiting' | 'turn'>): Wait | null {
  return waiting?.turn === turn ? { until: waiting.until, because: waiting.because } : null;
}
