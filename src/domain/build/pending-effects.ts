/**
 * Effects that a command made necessary: whether they are to be carried out now, and what their end does to a build.
 *
 * Where production could not be put back a person is asked, and nothing is tried behind that person's back.
 */
import { isClosed } from './state';
import type { Evidence } from '../evidence/evidence';
import type { LiveRelease } from './live-release';
import type { BuildState } from './state';
import type { FailureType } from '../failures';
import { fail, note } from './moves';

export const ROLLBACK_FAILED = 'Release.RollbackFailed';
export const UNDO_FAILED = 'Undo.Failed';

/** `live`: production is this build's. `rollback_failed`: production could not be put back; a person is needed. */
export type ReleaseState = 'live' | 'rollback_failed' | null;

export function hasEffectToUndo(build: BuildState): boolean {
  return (build.owed.undoRelease || build.owed.restoreTree) && !isHeld(build);
}

/** A build that waits for a person because of what it owes; retry, rollback and cancel try it again first. */
function isHeld({ cancelled, failure }: BuildState): boolean {
  return !cancelled && (failure?.type === ROLLBACK_FAILED || failure?.type === UNDO_FAILED);
}

const SETTLED = { undoRelease: false, restoreTree: false };

/** The owed effects have been carried out. `release`: what was taken down, and what is live now in words. */
export function settled(build: BuildState, release: { number: number; says: string } | null, now: string): BuildState {
  const next = { ...build, owed: { ...build.owed, ...SETTLED } };
  if (release === null) return next;
  const data = { release: release.number, now: release.says };
  return note(next, { actor: 'orchestrator', now }, { type: 'release_restored', data });
}

/** What became of the work of roles outside, once the last of them had completed the build. */
export interface HandedRelease {
  base: string | null;
  commit: string | null;
  evidence: Evidence | null;
  /** Null where nothing went live; `says` gives the reason then. */
  release: LiveRelease | null;
  says: string;
}

export function hasHandedRelease({ owed }: BuildState): boolean {
  return owed.releaseHanded === true;
}

/** `null`: a worker of before did not release the work of roles outside. */
export function handedReleased(build: BuildState, handed: HandedRelease | null, now: string): BuildState {
  const { releaseHanded: _, ...owed } = build.owed;
  if (handed === null) return { ...build, owed };
  const { base, commit, evidence, release, says } = handed;
  const place = base === null || commit === null ? {} : { base, commit };
  const next: BuildState = { ...build, ...place, owed, evidence, release, revision: build.revision + 1 };
  const told = release === null ? { ...next, notReleased: says.slice(0, 1_000) } : next;
  const data = release === null ? { reason: says } : { release: release.number, commit: release.commit };
  return note(told, { actor: 'orchestrator', now }, { type: release === null ? 'not_released' : 'released', data });
}

/** They could not be. They stay owed, except for a build that has ended: its record says what is wrong. */
export function notSettled(
  build: BuildState,
  failure: { type: FailureType; message: string },
  now: string,
): BuildState {
  const type = failure.type === ROLLBACK_FAILED ? ROLLBACK_FAILED : UNDO_FAILED;
  const message = type === failure.type ? failure.message : `${failure.type}: ${failure.message}`;
  const cause = { actor: 'orchestrator', now };
  const event = type === ROLLBACK_FAILED ? 'rollback_failed' : 'undo_failed';
  const told = note(build, cause, { type: event, data: { message } });
  if (isClosed(build)) return { ...told, owed: { ...told.owed, ...SETTLED } };
  // It waits already, for another reason: this one is the graver.
  if (told.state === 'error')
    return { ...told, revision: told.revision + 1, failure: { ...told.failure, type, message } };
  return fail(told, { ...cause, failure: { type, message }, notes: message });
}

export function releaseStateOf(build: BuildState): ReleaseState {
  const { completedAt } = build;
  if (completedAt === null) return build.failure?.type === ROLLBACK_FAILED ? 'rollback_failed' : null;
  if (build.state === 'complete' && build.release !== null) return 'live';
  // What failed before the end was tried again at the end.
  const failed = build.events.some(({ type, at }) => type === 'rollback_failed' && at >= completedAt);
  return failed ? 'rollback_failed' : null;
}
