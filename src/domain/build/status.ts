/**
 * The status of a build in one word, and how far it is.
 */
import { PHASES } from '../roles';
import type { Phase, RoleMode } from '../roles';
import { ownerOf, phasesBefore } from '../states';
import { isHeld } from './holds';
import type { BuildState } from './state';
import { needsSurvey } from './survey';

export type BuildStatus = 'in_progress' | 'waiting' | 'paused' | 'error' | 'cancelled' | 'complete';

export function statusOf(build: BuildState): BuildStatus {
  if (build.cancelled) return 'cancelled';
  if (build.state === 'complete') return 'complete';
  if (build.paused) return 'paused';
  if (build.state === 'error') return 'error';
  if (isMakingFirstReport(build)) return 'in_progress';
  return isHeld(build) || modeOf(build) === 'external' ? 'waiting' : 'in_progress';
}

/** True while the orchestrator makes the repository report before the first external role. The role may answer meanwhile. */
export function isMakingFirstReport(build: BuildState): boolean {
  return build.state === 'discovery' && needsSurvey(build);
}

/** The mode of the role that owns the current state; null if no role owns it. */
export function modeOf(build: BuildState): RoleMode | null {
  const owner = ownerOf(build.state);
  return owner === null ? null : build.roles[owner];
}

export function completedPhases(build: BuildState): Phase[] {
  return phasesBefore(build.state === 'error' ? build.failure.phase : build.state);
}

/** The finished share of the six phases in percent, with one decimal. */
export function progressPercent(completed: readonly Phase[]): number {
  return Math.round((completed.length / PHASES.length) * 1000) / 10;
}
