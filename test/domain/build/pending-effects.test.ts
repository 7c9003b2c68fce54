/** Tests pending effects after commands, and builds whose pending effects cannot be carried out. */
import { applyOutcome } from '../../../src/domain/build/outcomes';
import { afterFailedUndo, hasEffectToUndo, releaseStateOf, afterUndo } from '../../../src/domain/build/pending-effects';
import { cardOf } from '../../../src/domain/build/card';
import { NOW, advanceOf, apply, buildIn, newBuild } from '../a-build';

const UNDO_FAILURE = {
  type: 'Release.RollbackFailed' as const,
  message: 'release 3 is still live; a person is needed',
};
const leaveDeployment = () => apply(buildIn('deployment'), 'rollback', { target_state: 'planning', reason: 'no' });

test('if production cannot be restored, the build waits in error and the effect stays pending', () => {
  const build = afterFailedUndo(leaveDeployment(), UNDO_FAILURE, NOW);
  expect(build).toMatchObject({ state: 'error', failure: UNDO_FAILURE, owed: { undoRelease: true } });
  expect(releaseStateOf(build)).toBe('rollback_failed');
  expect(hasEffectToUndo(build)).toBe(false);
  expect(build.handoffs.at(-1)).toMatchObject({ toState: 'error', notes: UNDO_FAILURE.message });
});

test.each([
  ['retry', { reason: 'repaired' }],
  ['rollback', { target_state: 'discovery', reason: 'repaired' }],
  ['cancel', { reason: 'enough' }],
] as const)('a %s makes the undo be tried again', (name, wire) => {
  const build = apply(afterFailedUndo(leaveDeployment(), UNDO_FAILURE, NOW), name, wire);
  expect(hasEffectToUndo(build)).toBe(true);
});

test('a build already in error stays there, and the failed undo replaces the first failure', () => {
  const failed = apply(buildIn('deployment'), 'advance', { ...advanceOf('deployment'), next_state: 'error' });
  expect(hasEffectToUndo(failed)).toBe(true);
  const build = afterFailedUndo(failed, UNDO_FAILURE, NOW);
  expect(build.handoffs).toEqual(failed.handoffs);
  expect(build).toMatchObject({ state: 'error', failure: { ...UNDO_FAILURE, phase: 'deployment' } });
});

test('a branch that could not be restored gives Undo.Failed, and the build waits for a person', () => {
  const build = afterFailedUndo(leaveDeployment(), { type: 'Workspace.Overtaken', message: 'moved' }, NOW);
  expect(build.failure).toMatchObject({ type: 'Undo.Failed', message: 'Workspace.Overtaken: moved' });
  expect(hasEffectToUndo(build)).toBe(false);
});

test('an undone release is in the audit trail, with the release that is live now', () => {
  const build = afterUndo(leaveDeployment(), { number: 3, says: 'release 2 is live now' }, NOW);
  expect(build.events.at(-1)).toMatchObject({
    type: 'release_restored',
    data: { release: 3, now: 'release 2 is live now' },
  });
  expect(hasEffectToUndo(build)).toBe(false);
  expect(cardOf(build).releaseState).toBeNull();
});

test('a cancelled build closes even if the undo failed, and its release state says so', () => {
  const build = afterFailedUndo(apply(buildIn('deployment'), 'cancel', { reason: 'x' }), UNDO_FAILURE, NOW);
  expect(build.owed).toEqual({ undoRelease: false, restoreTree: false });
  expect(releaseStateOf(build)).toBe('rollback_failed');
});

test('a build completed by an external caller while a model released must undo that release', () => {
  const build = buildIn('complete', newBuild({ mode: 'llm' }));
  expect(build).toMatchObject({ state: 'complete', release: null, owed: { undoRelease: true } });
  expect(hasEffectToUndo(build)).toBe(true);
  expect(releaseStateOf(afterFailedUndo(build, UNDO_FAILURE, NOW))).toBe('rollback_failed');
  expect(hasEffectToUndo(buildIn('complete'))).toBe(false);
});

test('a failed undo that succeeds at cancellation is not reported as a failed rollback', () => {
  const earlier = afterFailedUndo(leaveDeployment(), UNDO_FAILURE, NOW);
  const later = apply(earlier, 'cancel', { reason: 'enough' }, '2026-11-21T09:00:01.000Z');
  expect(releaseStateOf(afterUndo(later, null, NOW))).toBeNull();
});

test('a rollback from implementation restores the branch, since an interrupted step may have moved it', () => {
  const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
  const step = { kind: 'step' as const, transcript: 'sha256:t', tree: 'c'.repeat(40), base: 'b'.repeat(40), usage };
  const stepped = applyOutcome(buildIn('implementation'), step, NOW);
  expect(stepped).toMatchObject({ base: step.base, commit: step.base, usage });
  const back = apply(stepped, 'rollback', { target_state: 'planning', reason: 'no' });
  expect(back).toMatchObject({ owed: { restoreTree: true }, commit: step.base });
  expect(
    apply(buildIn('implementation'), 'rollback', { target_state: 'planning', reason: 'no' }).owed.restoreTree,
  ).toBe(false);
});
