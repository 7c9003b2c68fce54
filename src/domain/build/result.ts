/**
 * The result of a complete build as a branch in the repository that it was given: whether it is still to be written, and what
 * came of it.
 */
import { note } from './moves';
import type { Result } from '../result';
import type { BuildState } from './state';

export interface DueResult {
  branch: string;
  commit: string;
}

/** Null where nothing is to be written, or it was written. */
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
  return note({ ...build, result }, { actor: 'orchestrator', now }, event);
}
