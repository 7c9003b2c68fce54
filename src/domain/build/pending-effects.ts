/**
 * Pending effects: whether a build must still undo a release, restore its branch or release handed-over work, and how the result changes the build.
 *
 * If production cannot be restored, the build waits for a person, and the orchestrator does not try again by itself.
 */
import { isClosed } from './state';
import type { Evidence } from '../evidence/evidence';
import type { LiveRelease } from './live-release';
import type { BuildState } from './state';
import type { FailureType } from '../failures';
import { fail } from './moves';
import { recordEvent } from './record-event';

export const ROLLBACK_FAILED = 'Release.RollbackFailed';
export const UNDO_FAILED = 'Undo.Failed';

/** `live`: production shows this build's release. `rollback_failed`: production could not be restored; a person is needed. */
export type ReleaseState = 'live' | 'rollback_failed' | null;

export function hasEffectToUndo(build: BuildState): boolean {
  return (build.owed.undoRelease || build.owed.restoreTree) && !waitsForUndo(build);
}

/** True while the build waits for a person because an undo failed. Retry, rollback and cancel try the undo again first. */
function waitsForUndo({ cancelled, failure }: BuildState): boolean {
  return !cancelled && (failure?.type === ROLLBACK_FAILED || failure?.type === UNDO_FAILED);
}

const NO_UNDO = { undoRelease: false, restoreTree: false };

/** Clears the pending undo effects after they succeeded. `release`: the release that was undone, and a text that names the live one. */
export function afterUndo(
  build: BuildState,
  release: { number: number; says: string } | null,
  now: string,
): BuildState {
  const next = { ...build, owed: { ...build.owed, ...NO_UNDO } };
  if (release === null) return next;
  const data = { release: release.number, now: release.says };
  return recordEvent(next, { actor: 'orchestrator', now }, { type: 'release_restored', data });
}

/** The result of releasing the work of external roles, after the last of them completed the build. */
export interface HandedRelease {
  base: string | null;
  commit: string | null;
  evidence: Evidence | null;
  /** Null if nothing was released; `says` then gives the reason. */
  release: LiveRelease | null;
  says: string;
}

export function hasHandedRelease({ owed }: BuildState): boolean {
  return owed.releaseHanded === true;
}

/** Records the release of external roles' work. `handedRelease`: null if an older worker, which did not release such work, answered. */
export function afterHandedRelease(build: BuildState, handedRelease: HandedRelease | null, now: string): BuildState {
  const { releaseHanded: _, ...owed } = build.owed;
  if (handedRelease === null) return { ...build, owed };
  const { base, commit, evidence, release, says } = handedRelease;
  const workspace = base === null || commit === null ? {} : { base, commit };
  const next: BuildState = { ...build, ...workspace, owed, evidence, release, revision: build.revision + 1 };
  const recorded = release === null ? { ...next, notReleased: says.slice(0, 1_000) } : next;
  const data = release === null ? { reason: says } : { release: release.number, commit: release.commit };
  return recordEvent(
    recorded,
    { actor: 'orchestrator', now },
    { type: release === null ? 'not_released' : 'released', data },
  );
}

/** Records that undo effects failed. They stay pending, except in a closed build, whose record then names the failure. */
export function afterFailedUndo(
  build: BuildState,
  failure: { type: FailureType; message: string },
  now: string,
): BuildState {
  const type = failure.type === ROLLBACK_FAILED ? ROLLBACK_FAILED : UNDO_FAILED;
  const message = type === failure.type ? failure.message : `${failure.type}: ${failure.message}`;
  const cause = { actor: 'orchestrator', now };
  const event = type === ROLLBACK_FAILED ? 'rollback_failed' : 'undo_failed';
  const recorded = recordEvent(build, cause, { type: event, data: { message } });
  if (isClosed(build)) return { ...recorded, owed: { ...recorded.owed, ...NO_UNDO } };
  // The build is already in `error`: replace the reason, since a failed undo is worse.
  if (recorded.state === 'error')
    return { ...recorded, revision: recorded.revision + 1, failure: { ...recorded.failure, type, message } };
  return fail(recorded, { ...cause, failure: { type, message }, notes: message });
}

export function releaseStateOf(build: BuildState): ReleaseState {
  const { completedAt } = build;
  if (completedAt === null) return build.failure?.type === ROLLBACK_FAILED ? 'rollback_failed' : null;
  if (build.state === 'complete' && build.release !== null) return 'live';
  // A rollback that failed earlier was tried again when the build closed, so only a failure after that counts.
  const hasFailed = build.events.some(({ type, at }) => type === 'rollback_failed' && at >= completedAt);
  return hasFailed ? 'rollback_failed' : null;
}
