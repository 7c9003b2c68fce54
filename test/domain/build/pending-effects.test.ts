/** What a build owes after a command, and what becomes of it where that cannot be done. */
import { applyOutcome } from '../../../src/domain/build/outcomes';
import { notSettled, hasEffectToUndo, releaseStateOf, settled } from '../../../src/domain/build/pending-effects';
import { cardOf } from '../../../src/domain/build/view';
import { NOW, advanceOf, after, buildIn, newBuild } from '../a-build';

const NO_WAY_BACK = {
  type: 'Release.RollbackFailed' as const,
  message: 'release 3 is still live; a person is needed',
};
const leaving = () => after(buildIn('deployment'), 'rollback', { target_state: 'planning', reason: 'no' });

test('where production cannot be put back the build waits in error, and owes it still', () => {
  const build = notSettled(leaving(), NO_WAY_BACK, NOW);
  expect(build).toMatchObject({ state: 'error', failure: NO_WAY_BACK, owed: { undoRelease: true } });
  expect(releaseStateOf(build)).toBe('rollback_failed');
  expect(hasEffectToUndo(build)).toBe(false);
  expect(build.handoffs.at(-1)).toMatchObject({ toState: 'error', notes: NO_WAY_BACK.message });
});

test.each([
  ['retry', { reason: 'repaired' }],
  ['rollback', { target_state: 'discovery', reason: 'repaired' }],
  ['cancel', { reason: 'enough' }],
] as const)('a %s tries it again', (name, wire) => {
  const build = after(notSettled(leaving(), NO_WAY_BACK, NOW), name, wire);
  expect(hasEffectToUndo(build)).toBe(true);
});

test('a build in error already keeps its place: the graver failure takes the place of the first', () => {
  const failed = after(buildIn('deployment'), 'advance', { ...advanceOf('deployment'), next_state: 'error' });
  expect(hasEffectToUndo(failed)).toBe(true);
  const build = notSettled(failed, NO_WAY_BACK, NOW);
  expect(build.handoffs).toEqual(failed.handoffs);
  expect(build).toMatchObject({ state: 'error', failure: { ...NO_WAY_BACK, phase: 'deployment' } });
});

test('a branch that could not be put back is named as such and held in the same way', () => {
  const build = notSettled(leaving(), { type: 'Workspace.Overtaken', message: 'moved' }, NOW);
  expect(build.failure).toMatchObject({ type: 'Undo.Failed', message: 'Workspace.Overtaken: moved' });
  expect(hasEffectToUndo(build)).toBe(false);
});

test('what was put back is in the audit trail, with what is live now', () => {
  const build = settled(leaving(), { number: 3, says: 'release 2 is live now' }, NOW);
  expect(build.events.at(-1)).toMatchObject({
    type: 'release_restored',
    data: { release: 3, now: 'release 2 is live now' },
  });
  expect(hasEffectToUndo(build)).toBe(false);
  expect(cardOf(build).releaseState).toBeNull();
});

test('a build that was cancelled closes with the failure in its record', () => {
  const build = notSettled(after(buildIn('deployment'), 'cancel', { reason: 'x' }), NO_WAY_BACK, NOW);
  expect(build.owed).toEqual({ undoRelease: false, restoreTree: false });
  expect(releaseStateOf(build)).toBe('rollback_failed');
});

test('a build completed by somebody outside while a model released owes to take that release down', () => {
  const build = buildIn('complete', newBuild({ mode: 'llm' }));
  expect(build).toMatchObject({ state: 'complete', release: null, owed: { undoRelease: true } });
  expect(hasEffectToUndo(build)).toBe(true);
  expect(releaseStateOf(notSettled(build, NO_WAY_BACK, NOW))).toBe('rollback_failed');
  expect(hasEffectToUndo(buildIn('complete'))).toBe(false);
});

test('what failed before the end and was put right at the end is no failed rollback', () => {
  const earlier = notSettled(leaving(), NO_WAY_BACK, NOW);
  const later = after(earlier, 'cancel', { reason: 'enough' }, '2026-11-21T09:00:01.000Z');
  expect(releaseStateOf(settled(later, null, NOW))).toBeNull();
});

test('a rollback out of implementation owes the branch, which a step given up may have moved', () => {
  const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
  const step = { kind: 'step' as const, transcript: 'sha256:t', tree: 'c'.repeat(40), base: 'b'.repeat(40), usage };
  const stepped = applyOutcome(buildIn('implementation'), step, NOW);
  expect(stepped).toMatchObject({ base: step.base, commit: step.base, usage });
  const back = after(stepped, 'rollback', { target_state: 'planning', reason: 'no' });
  expect(back).toMatchObject({ owed: { restoreTree: true }, commit: step.base });
  expect(
    after(buildIn('implementation'), 'rollback', { target_state: 'planning', reason: 'no' }).owed.restoreTree,
  ).toBe(false);
});
