/**
 * The 28 transitions between states, and the targets of retry and rollback.
 */
import { PHASES } from './roles';
import type { Phase } from './roles';
import { STATES, isEarlierPhase, phaseOf } from './states';
import type { State } from './states';

export type TransitionKind = 'forward' | 'rework' | 'failure' | 'recovery';
export interface Transition {
  from: State;
  to: State;
  kind: TransitionKind;
}

const FORWARD_STATES = STATES.slice(0, -1);
const BEFORE_COMPLETE = FORWARD_STATES.slice(0, -1);

export const TRANSITIONS: readonly Transition[] = [
  ...BEFORE_COMPLETE.map((from, index) => ({ from, to: FORWARD_STATES[index + 1] as State, kind: 'forward' as const })),
  { from: 'testing', to: 'implementation', kind: 'rework' },
  { from: 'verification', to: 'implementation', kind: 'rework' },
  ...BEFORE_COMPLETE.map((from) => ({ from, to: 'error' as const, kind: 'failure' as const })),
  ...PHASES.map((to) => ({ from: 'error' as const, to, kind: 'recovery' as const })),
];

export function transitionKind(from: State, to: State): TransitionKind | null {
  return TRANSITIONS.find((edge) => edge.from === from && edge.to === to)?.kind ?? null;
}

/** Returns the next state along the forward edge, which is never `error`. */
export function forwardOf(state: State): Exclude<State, 'error'> | null {
  const to = TRANSITIONS.find((edge) => edge.from === state && edge.kind === 'forward')?.to ?? null;
  return to === 'error' ? null : to;
}

/** The states to which `advance` may lead. */
export function legalNextStates(state: State): State[] {
  if (state === 'error') return [];
  return TRANSITIONS.filter((edge) => edge.from === state).map((edge) => edge.to);
}

const RETRY_TARGETS: Readonly<Record<Phase, Phase | null>> = {
  discovery: null,
  planning: null,
  implementation: 'planning',
  testing: 'implementation',
  verification: 'implementation',
  deployment: 'verification',
};

/** Returns the phase that a retry repeats; null if no retry is possible. `failedPhase` is used only in `error`. */
export function retryTarget(state: State, failedPhase: Phase | null): Phase | null {
  if (state === 'error') return failedPhase;
  const phase = phaseOf(state);
  return phase === null ? null : RETRY_TARGETS[phase];
}

/** Returns the phases that a rollback may lead to: earlier ones; from `error`, those up to `reachedPhase`, the latest phase reached. */
export function rollbackTargets(state: State, reachedPhase: Phase | null): Phase[] {
  if (state === 'complete') return [];
  if (state === 'error') return reachedPhase === null ? [] : PHASES.slice(0, PHASES.indexOf(reachedPhase) + 1);
  return PHASES.filter((phase) => isEarlierPhase(phase, state));
}
