/**
 * The repository report of a build whose next role is outside: whether the orchestrator is to make it, and what came of that.
 *
 * Where a model has the next role, the activity of the role makes it.
 */
import { isPhase } from '../roles';
import type { FailureType } from '../failures';
import type { SurveyRef } from '../repository-report';
import { ownerOf } from '../states';
import { fail } from './moves';
import type { BuildState } from './state';

export type Surveyed =
  | { kind: 'report'; report: SurveyRef }
  | { kind: 'failed'; type: FailureType; message: string; isBeforeWork?: true; detailsDigest?: string | undefined };

/** Builds that an older workflow has worked on have none: they lack `looksFirst`. */
export function owesSurvey({ looksFirst, survey, state, cancelled, roles }: BuildState): boolean {
  if (looksFirst !== true || cancelled || (survey ?? null) !== null) return false;
  const owner = ownerOf(state);
  return owner !== null && roles[owner] === 'external';
}

/** What stands in the way puts the build into `error`, as with a model. A build that has ended or failed meanwhile stays as it is. */
export function surveyed(build: BuildState, found: Surveyed, now: string): BuildState {
  if (found.kind === 'report') return { ...build, survey: found.report };
  if (build.cancelled || build.state === 'complete' || build.state === 'error') return build;
  const { type, message, isBeforeWork, detailsDigest } = found;
  // The role of a handoff state has not begun either, and has no attempt that could be taken back.
  const more = { detailsDigest, ...(isBeforeWork === true && isPhase(build.state) ? { isBeforeWork } : {}) };
  return fail(build, { actor: 'orchestrator', now, failure: { type, message, ...more }, notes: message });
}
