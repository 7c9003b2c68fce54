/**
 * The result branch of a complete build in the user's repository: whether it must still be written, and recording the outcome.
 */
import { recordEvent } from './record-event';
import type { Result } from '../result';
import type { BuildState } from './state';

export interface DueResult {
  branch: string;
  commit: string;
}

/** Returns null if no result branch is wanted, or if it was written already. */
export function dueResult(build: BuildState): DueResult | null {
  const { state, cancelled, commit, base, resultBranch: branch, result } = build;
  if (state !== 'complete' || cancelled || branch === undefined || result !== undefined) return null;
  return commit === null || commit === base ? null : { branch, commit };
}

export function withResult(build: BuildState, result: Result, now: string): BuildState {
  const { branch, commit, place, reason } = result;
  const event =
    reason === null
      ? ({ type: 'result_written', data: { branch, commit, place } } as const)
      : ({ type: 'result_not_written', data: { branch, commit, reason } } as const);
  return recordEvent({ ...build, result }, { actor: 'orchestrator', now }, event);
}
