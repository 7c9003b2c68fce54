/**
 * The repository report of a build whose next role is external: whether the orchestrator must make it, and recording the result.
 *
 * If a model has the next role, the activity that calls the model makes the report.
 */
import { isPhase } from '../roles';
import type { FailureType } from '../failures';
import type { SurveyRef } from '../repository-report';
import { ownerOf } from '../states';
import { fail } from './moves';
import type { BuildState } from './state';

export type SurveyOutcome =
  | { kind: 'report'; report: SurveyRef }
  | { kind: 'failed'; type: FailureType; message: string; isBeforeWork?: true; detailsDigest?: string | undefined };

/** True if the orchestrator must make the report now. Older builds lack `looksFirst` and have no report. */
export function needsSurvey({ looksFirst, survey, state, cancelled, roles }: BuildState): boolean {
  if (looksFirst !== true || cancelled || (survey ?? null) !== null) return false;
  const owner = ownerOf(state);
  return owner !== null && roles[owner] === 'external';
}

/** Records the report. A failure moves the build to `error`. A build that has ended or failed meanwhile stays unchanged. */
export function withSurvey(build: BuildState, outcome: SurveyOutcome, now: string): BuildState {
  if (outcome.kind === 'report') return { ...build, survey: outcome.report };
  if (build.cancelled || build.state === 'complete' || build.state === 'error') return build;
  const { type, message, isBeforeWork, detailsDigest } = outcome;
  // In a handoff state the role's attempt has not been counted yet, so it must not be subtracted.
  const optionalMembers = { detailsDigest, ...(isBeforeWork === true && isPhase(build.state) ? { isBeforeWork } : {}) };
  return fail(build, { actor: 'orchestrator', now, failure: { type, message, ...optionalMembers }, notes: message });
}
