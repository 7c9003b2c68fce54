/** A rollback restores everything that a phase began with, from any later state of the build. */
import { withSavedContent } from '../../../src/domain/build/outcomes';
import { PHASES } from '../../../src/domain/roles';
import { apply, advanceOf, buildIn, digestOf, newBuild, withFinding } from '../a-build';

const rollBack = (build: ReturnType<typeof newBuild>, target: string) =>
  apply(build, 'rollback', { target_state: target, reason: 'because' });

test.each(PHASES.slice(0, 5))(
  'a rollback from deployment to %s restores the outputs with which the phase began',
  (phase) => {
    const began = buildIn(phase);
    const { outputs, evidence, answers, commit } = rollBack(buildIn('deployment'), phase);
    expect({ outputs, evidence, answers, commit }).toEqual({
      outputs: began.outputs,
      evidence: began.evidence,
      answers: began.answers,
      commit: began.commit,
    });
  },
);

test('a rollback to discovery drops the answers given after discovery began', () => {
  const asked = { ...newBuild(), questions: [{ id: 'Q1', text: '?' }] };
  const answered = apply(asked, 'answer', { answers: { Q1: 'yes' } });
  const planning = apply(answered, 'advance', advanceOf('discovery'));
  expect(planning.answers).toEqual({ Q1: 'yes' });
  expect(rollBack(buildIn('implementation', planning), 'planning').answers).toEqual({ Q1: 'yes' });
  expect(rollBack(planning, 'discovery').answers).toEqual({});
});

test('a rollback also restores approvals and locked tests, and drops those after the checkpoint', () => {
  const approve = (build: ReturnType<typeof newBuild>, letter: string) =>
    apply(withFinding(build, letter), 'approve', { gate: 'tampering', digest: digestOf(letter) });
  const locked = { digest: `sha256:${'1'.repeat(64)}`, files: { 'test/a.test.js': `sha256:${'2'.repeat(64)}` } };
  const early = approve(buildIn('implementation'), 'a');
  const late = approve({ ...buildIn('testing', early), locked: null }, 'b');
  const locking = { ...late, locked };
  const verification = buildIn('verification', locking);
  expect(rollBack(verification, 'testing')).toMatchObject({ approvals: early.approvals, locked: null });
  expect(rollBack(verification, 'implementation').approvals).toEqual([]);
  const again = buildIn('verification', apply(verification, 'retry', { reason: 'once more' }));
  expect(rollBack(again, 'testing')).toMatchObject({ approvals: late.approvals, locked });
});

test('an approval given while the build waits in error stays valid after a rollback', () => {
  const failed = buildIn('error');
  const approved = apply(withFinding(failed, 'c'), 'approve', { gate: 'tampering', digest: digestOf('c') });
  expect(rollBack(approved, 'testing').approvals).toEqual(approved.approvals);
  expect(rollBack(failed, 'testing').approvals).toEqual([]);
});

test('a phase that a retry enters from error gets its own checkpoint', () => {
  const failed = apply(buildIn('handoff_to_tester'), 'advance', {
    ...advanceOf('handoff_to_tester'),
    next_state: 'error',
  });
  const withWork = { ...failed, base: 'a'.repeat(40), commit: 'b'.repeat(40) };
  const testing = apply(withWork, 'retry', { reason: 'again' });
  const rolled = rollBack(buildIn('verification', testing), 'testing');
  expect(rolled.commit).toBe('b'.repeat(40));
});

test('the audit event of a rollback names the abandoned outputs', () => {
  const build = buildIn('deployment');
  const event = rollBack(build, 'testing').events.at(-1);
  expect(event?.data.abandoned_testing).toBe(build.outputs.testing?.digest);
  expect(event?.data.abandoned_verification).toBe(build.outputs.verification?.digest);
  expect(event?.data).not.toHaveProperty('abandoned_planning');
});

test('the temporary digest of inline content is replaced in checkpoints too', () => {
  const build = buildIn('testing');
  const standIn = build.outputs.discovery?.digest ?? '';
  const savedBuild = withSavedContent(build, standIn, 'sha256:real');
  expect(rollBack(savedBuild, 'planning').outputs.discovery?.digest).toBe('sha256:real');
});
