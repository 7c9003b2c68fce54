/**
 * Effects that a build carries out before its next phase: it stores content, archives a long audit trail, and undoes what a command ended.
 *
 * None of them fails the run. Storing is retried without an end, since only this run has the content; an effect that cannot be undone
 * waits for a person.
 */
import { patched } from '@temporalio/workflow';
import type { Undone } from '../activities/contract';
import { archived, overflowOf } from '../domain/build/archive';
import type { BuildState } from '../domain/build/state';
import type { FailureType } from '../domain/failures';
import { saved } from '../domain/build/outcomes';
import {
  handedReleased,
  notSettled,
  hasEffectToUndo,
  hasHandedRelease,
  settled,
} from '../domain/build/pending-effects';
import type { HandedRelease } from '../domain/build/pending-effects';
import { now } from './clock';
import type { BuildRun } from './handlers';
import { failureOf, taskOf } from './phase';
import { effects, keeping } from './proxies';

export function hasPendingEffects(build: BuildState): boolean {
  return (
    Object.keys(build.unsaved).length > 0 ||
    hasEffectToUndo(build) ||
    hasHandedRelease(build) ||
    overflowOf(build) !== null
  );
}

export async function runPendingEffects(run: BuildRun): Promise<void> {
  while (hasPendingEffects(run.build)) {
    await keepUnsaved(run);
    await keepOverflow(run);
    await undoAbandoned(run);
    if (hasHandedRelease(run.build)) await releaseHanded(run);
  }
}

/** Measures, judges and releases what roles outside handed over. Whatever comes of it, the build stays complete. */
async function releaseHanded(run: BuildRun): Promise<void> {
  // Histories of before this step have no activity here.
  const handed = patched('release-handed') ? await tryRelease(run) : null;
  run.build = handedReleased(run.build, handed, now());
}

async function tryRelease(run: BuildRun): Promise<HandedRelease> {
  const { base, commit, evidence } = run.build;
  run.show(run.build);
  try {
    return await effects.releaseHanded(taskOf(run.build, 'deployment'));
  } catch (error) {
    const { type, message } = failureOf(error);
    return { base, commit, evidence, release: null, says: `${type}: ${message}` };
  }
}

async function keepUnsaved(run: BuildRun): Promise<void> {
  for (const [standIn, content] of Object.entries(run.build.unsaved)) {
    const { digest } = await keeping.keepContent(content);
    run.build = saved(run.build, standIn, digest);
  }
}

/** Before continue-as-new can come: the state must fit into one payload. */
async function keepOverflow(run: BuildRun): Promise<void> {
  for (let page = overflowOf(run.build); page !== null; page = overflowOf(run.build)) {
    const { digest } = await keeping.keepContent(JSON.stringify(page));
    run.build = archived(run.build, page, digest);
  }
}

/** Puts back what a rollback, retry or cancel left behind: the branch, and what was live before. */
async function undoAbandoned(run: BuildRun): Promise<void> {
  while (hasEffectToUndo(run.build)) {
    const { turn, base } = run.build;
    const undone = base === null ? ({ kind: 'undone', release: null } as const) : await tryUndo(run.build);
    // A command that came meanwhile may owe more: then once again, each effect looks before it acts.
    if (run.build.turn !== turn) continue;
    run.build =
      undone.kind === 'failed'
        ? notSettled(run.build, undone.failure, now())
        : settled(run.build, undone.release, now());
  }
}

type Tried = ({ kind: 'undone' } & Undone) | { kind: 'failed'; failure: { type: FailureType; message: string } };

async function tryUndo(build: BuildState): Promise<Tried> {
  const { projectId, buildId, request, requestKey, generation, commit, turn, owed } = build;
  const restoreTo = owed.restoreTree ? commit : null;
  const task = { projectId, buildId, request, requestKey, generation, turn, undoRelease: owed.undoRelease, restoreTo };
  try {
    return { kind: 'undone', ...(await effects.undo(task)) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}
