/**
 * Runs the effects that a build carries out before its next phase: it stores content, archives a long audit trail, and takes down
 * the release or resets the branch that a command made void.
 *
 * None of them fails the run. Storing is retried for ever, since only this run has the content. Where an effect cannot be undone, the
 * build goes to `error` and waits for a person.
 */
import { patched } from '@temporalio/workflow';
import type { Undone } from '../activities/contract';
import { withoutArchivedPage, nextArchivePage } from '../domain/build/archive';
import type { BuildState } from '../domain/build/state';
import type { FailureType } from '../domain/failures';
import { withSavedContent } from '../domain/build/outcomes';
import {
  afterHandedRelease,
  afterFailedUndo,
  hasEffectToUndo,
  hasHandedRelease,
  afterUndo,
} from '../domain/build/pending-effects';
import type { HandedRelease } from '../domain/build/pending-effects';
import { now } from './clock';
import type { BuildRun } from './handlers';
import { failureOf } from './phase';
import { taskOf } from './phase-task';
import { releaseActivities, artifactActivities } from './proxies';

export function hasPendingEffects(build: BuildState): boolean {
  return (
    Object.keys(build.unsaved).length > 0 ||
    hasEffectToUndo(build) ||
    hasHandedRelease(build) ||
    nextArchivePage(build) !== null
  );
}

export async function runPendingEffects(run: BuildRun): Promise<void> {
  while (hasPendingEffects(run.build)) {
    await storeUnsavedContent(run);
    await archiveOverflow(run);
    await undoAbandonedEffects(run);
    if (hasHandedRelease(run.build)) await runHandedRelease(run);
  }
}

/** Measures, judges and releases the commit that an external role handed over. The build stays complete even if that fails. */
async function runHandedRelease(run: BuildRun): Promise<void> {
  // Older histories have no activity here.
  const handedRelease = patched('release-handed') ? await tryHandedRelease(run) : null;
  run.build = afterHandedRelease(run.build, handedRelease, now());
}

async function tryHandedRelease(run: BuildRun): Promise<HandedRelease> {
  const { base, commit, evidence } = run.build;
  run.publish(run.build);
  try {
    return await releaseActivities.releaseHanded(taskOf(run.build, 'deployment'));
  } catch (error) {
    const { type, message } = failureOf(error);
    return { base, commit, evidence, release: null, says: `${type}: ${message}` };
  }
}

async function storeUnsavedContent(run: BuildRun): Promise<void> {
  for (const [temporaryDigest, content] of Object.entries(run.build.unsaved)) {
    const { digest } = await artifactActivities.keepContent(content);
    run.build = withSavedContent(run.build, temporaryDigest, digest);
  }
}

/** Moves old pages of the audit trail to the artifact store: continue-as-new needs the state in one payload. */
async function archiveOverflow(run: BuildRun): Promise<void> {
  for (let page = nextArchivePage(run.build); page !== null; page = nextArchivePage(run.build)) {
    const { digest } = await artifactActivities.keepContent(JSON.stringify(page));
    run.build = withoutArchivedPage(run.build, page, digest);
  }
}

/** After a rollback, retry or cancel: resets the build's branch and restores the release that was live before. */
async function undoAbandonedEffects(run: BuildRun): Promise<void> {
  while (hasEffectToUndo(run.build)) {
    const { turn, base } = run.build;
    const undoOutcome = base === null ? ({ kind: 'undone', release: null } as const) : await tryUndo(run.build);
    // A command that came meanwhile may have added effects, so the loop runs again. An effect that is already done does nothing.
    if (run.build.turn !== turn) continue;
    run.build =
      undoOutcome.kind === 'failed'
        ? afterFailedUndo(run.build, undoOutcome.failure, now())
        : afterUndo(run.build, undoOutcome.release, now());
  }
}

type UndoOutcome = ({ kind: 'undone' } & Undone) | { kind: 'failed'; failure: { type: FailureType; message: string } };

async function tryUndo(build: BuildState): Promise<UndoOutcome> {
  const { projectId, buildId, request, requestKey, generation, commit, turn, owed } = build;
  const restoreTo = owed.restoreTree ? commit : null;
  const task = { projectId, buildId, request, requestKey, generation, turn, undoRelease: owed.undoRelease, restoreTo };
  try {
    return { kind: 'undone', ...(await releaseActivities.undo(task)) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}
