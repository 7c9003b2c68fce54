/**
 * Findings that a person decides: which role gets them, when the build waits, and what an approval or rejection does.
 */
import { applyOutcome } from '../../../src/domain/build/outcomes';
import type { Outcome } from '../../../src/domain/build/outcome';
import { expectationOf } from '../../../src/domain/build/expects';
import { openFindings } from '../../../src/domain/build/state';
import type { BuildState } from '../../../src/domain/build/state';
import type { FindingDraft } from '../../../src/domain/findings';
import type { Phase } from '../../../src/domain/roles';
import { NOW, WORKED, decisionOn, apply, buildIn, digestOf, newBuild, refusalOf, withFinding } from '../a-build';

function draft(letter: string, over: Partial<FindingDraft> = {}): FindingDraft {
  const consequences = { onApprove: 'testing', onReject: 'implementation' } as const;
  return {
    gate: 'tampering',
    digest: digestOf(letter),
    summary: `found ${letter}`,
    mender: 'code_writer',
    ...consequences,
    ...over,
  };
}

/** The outcome of an attempt with exactly these findings. */
function outcomeWith(...drafts: FindingDraft[]): Outcome {
  const judged = ['tampering', ...drafts.map(({ gate }) => gate)];
  const objections = drafts.map(({ summary }) => summary);
  return { ...WORKED, objections, findings: { judged, found: drafts } };
}

const llmBuild = (retriesPerPhase: number) => newBuild({ mode: 'llm', retriesPerPhase });
const buildAt = (phase: Phase, retries = 0): BuildState => buildIn(phase, llmBuild(retries));
const waitingBuild = (...drafts: FindingDraft[]) => applyOutcome(buildAt('testing'), outcomeWith(...drafts), NOW);

test('a finding that a role can mend sends the build back to that role and stays open', () => {
  const build = applyOutcome(buildAt('testing', 1), outcomeWith(draft('a')), NOW);
  expect(build).toMatchObject({ state: 'implementation', feedback: expect.arrayContaining(['found a']) });
  expect(openFindings(build)).toEqual([{ ...draft('a'), at: NOW }]);
});

test('when the retries are used up the build waits for a person, and the failure names the gate and the digest', () => {
  const build = waitingBuild(draft('a'));
  const failure = { type: 'Decision.Needed', phase: 'implementation', continuesWith: 'testing' };
  expect(build).toMatchObject({ state: 'error', failure });
  expect(build.failure?.message).toContain(`tampering ${digestOf('a')}`);
  expect(expectationOf(build).task).toContain('GET approvals');
});

test('a retry instead of a decision repeats the phase, with the finding in its feedback', () => {
  const build = apply(waitingBuild(draft('a')), 'retry', { reason: 'do it without the test' });
  expect(build).toMatchObject({ state: 'implementation', redone: { implementation: 0 } });
  expect(build.feedback).toEqual(['do it without the test', expect.stringContaining('found a')]);
});

test('a finding that only a person can decide stops the build at once, even with retries left', () => {
  const build = applyOutcome(buildAt('testing', 3), outcomeWith(draft('a', { mender: 'person' })), NOW);
  expect(build).toMatchObject({ state: 'error', failure: { type: 'Decision.Needed' }, redone: { implementation: 0 } });
});

test("a finding that the phase's own role can mend repeats the phase", () => {
  const build = applyOutcome(
    buildAt('testing', 1),
    outcomeWith(draft('a', { mender: 'test_auditor', onReject: 'testing' })),
    NOW,
  );
  expect(build).toMatchObject({ state: 'testing', attempts: { testing: 2 }, redone: { testing: 1 } });
});

test('in deployment, which has no rework, a finding stops the build at once', () => {
  const build = applyOutcome(buildAt('deployment', 3), outcomeWith(draft('a', { onApprove: 'deployment' })), NOW);
  expect(build).toMatchObject({ state: 'error', failure: { type: 'Decision.Needed', phase: 'deployment' } });
});

test('without an open finding, used-up retries fail as Retries.Exhausted', () => {
  const build = applyOutcome(buildAt('testing'), { ...outcomeWith(), objections: ['red'] } as Outcome, NOW);
  expect(build).toMatchObject({ state: 'error', failure: { type: 'Retries.Exhausted' } });
});

test('an approval removes the finding, and the last approval continues the build in the phase that found it', () => {
  const two = waitingBuild(draft('a'), draft('b'));
  const one = apply(two, 'approve', decisionOn('a', { reason: 'seen' }));
  expect(one).toMatchObject({
    state: 'error',
    approvals: [{ gate: 'tampering', digest: digestOf('a'), actor: 'ada' }],
  });
  expect(one.failure?.message).toContain(digestOf('b'));
  expect(one.failure?.message).not.toContain(digestOf('a'));
  const none = apply(one, 'approve', decisionOn('b'));
  expect(none).toMatchObject({ state: 'testing', failure: null, findings: [], attempts: { testing: 2 } });
  expect(none.events.slice(-2).map(({ type }) => type)).toEqual(['approved', 'continued']);
  expect(none.handoffs.at(-1)).toMatchObject({ fromState: 'error', toState: 'testing' });
});

test('an approval while a role mends the finding removes it, and the role continues', () => {
  const mending = applyOutcome(buildAt('testing', 1), outcomeWith(draft('a')), NOW);
  const approved = apply(mending, 'approve', decisionOn('a'));
  expect(approved).toMatchObject({ state: 'implementation', turn: mending.turn, findings: [] });
});

test('a finding approved while the phase runs is not opened again, and the phase runs once more', () => {
  const looking = withFinding(buildAt('testing', 1), 'a');
  const approved = apply(looking, 'approve', decisionOn('a'));
  const build = applyOutcome(approved, outcomeWith(draft('a')), NOW);
  expect(build).toMatchObject({ state: 'testing', attempts: { testing: 2 }, findings: [] });
});

test('a rejection goes back to the role with the reason', () => {
  const build = apply(waitingBuild(draft('a')), 'reject', decisionOn('a', { reason: 'the old test was right' }));
  expect(build).toMatchObject({ state: 'implementation', failure: null, findings: [], approvals: [] });
  expect(build.feedback).toEqual([
    expect.stringMatching(/^ada rejected it: the old test was right; found a/),
    expect.stringMatching(/^it failed before: .*found a/),
  ]);
});

test("a finding that appears again after its rejection has the rejection's reason in its feedback", () => {
  const rejected = apply(waitingBuild(draft('a')), 'reject', decisionOn('a', { reason: 'the old test was right' }));
  const again = applyOutcome(buildIn('testing', { ...rejected, retriesPerPhase: 1 }), outcomeWith(draft('a')), NOW);
  expect(again.state).toBe('implementation');
  expect(again.feedback.slice(-2)).toEqual([
    'found a',
    `ada has rejected exactly this (tampering ${digestOf('a')}): the old test was right`,
  ]);
  const other = applyOutcome(buildIn('testing', { ...rejected, retriesPerPhase: 1 }), outcomeWith(draft('b')), NOW);
  expect(other.feedback.at(-1)).toBe('found b');
});

test('a rejection of a finding that no role can mend leaves the build in error with Decision.Rejected', () => {
  const stuck = waitingBuild(draft('a', { mender: 'person', onReject: null }));
  const build = apply(stuck, 'reject', decisionOn('a', { reason: 'never' }));
  expect(build).toMatchObject({ state: 'error', failure: { type: 'Decision.Rejected' }, findings: [] });
  expect(build.failure?.message).toContain('ada rejected it: never');
});

test('a rejection while a role works is in the feedback of its next attempt', () => {
  const mending = applyOutcome(buildAt('testing', 1), outcomeWith(draft('a')), NOW);
  const build = apply(mending, 'reject', decisionOn('a', { reason: 'no' }));
  expect(build).toMatchObject({ state: 'implementation', findings: [] });
  expect(build.feedback.at(-1)).toContain('ada rejected it: no');
});

test.each(['approve', 'reject'] as const)(
  '%s of a digest that is not open is refused, and the refusal lists the open findings',
  (command) => {
    const build = waitingBuild(draft('a'));
    expect(refusalOf(build, command, decisionOn('b'))).toMatchObject({
      ...{ type: 'Command.NotOpen', field: 'digest' },
      legal: [`tampering ${digestOf('a')}`],
    });
    expect(refusalOf(build, command, { ...decisionOn('a'), gate: 'secrets' }).type).toBe('Command.NotOpen');
    expect(refusalOf(newBuild(), command, decisionOn('a')).message).toContain('no finding is open');
    const decided = apply(build, command, decisionOn('a'));
    expect(refusalOf(decided, command, decisionOn('a')).type).toBe('Command.NotOpen');
    expect(refusalOf(build, command, decisionOn('a', { digest: 'yes' })).field).toBe('digest');
    expect(refusalOf(build, command, decisionOn('a', { gate: 'all' })).field).toBe('gate');
  },
);

test('when a gate judges again, its new findings replace its old ones', () => {
  const first = applyOutcome(buildAt('testing', 3), outcomeWith(draft('a')), NOW);
  const second = applyOutcome(buildIn('testing', first), outcomeWith(draft('b')), NOW);
  expect(openFindings(second).map(({ digest }) => digest)).toEqual([digestOf('b')]);
  expect(refusalOf(second, 'approve', decisionOn('a')).type).toBe('Command.NotOpen');
  const third = applyOutcome(buildIn('testing', second), outcomeWith(), NOW);
  expect(openFindings(third)).toEqual([]);
});

test("a gate's findings stay open if only other gates judged again", () => {
  const first = applyOutcome(buildAt('testing', 3), outcomeWith(draft('a')), NOW);
  const build = applyOutcome(
    buildIn('testing', first),
    { ...WORKED, objections: ['red'], findings: { judged: ['secrets'], found: [] } },
    NOW,
  );
  expect(openFindings(build).map(({ digest }) => digest)).toEqual([digestOf('a')]);
});

test('a rollback restores the findings of the checkpoint', () => {
  const sentBack = applyOutcome(buildAt('testing', 3), outcomeWith(draft('a')), NOW);
  const back = apply(sentBack, 'rollback', { target_state: 'planning', reason: 'anew' });
  expect(openFindings(back)).toEqual([]);
});

test('even with no retries, a phase whose finding was approved while it ran runs once more', () => {
  const approved = apply(withFinding(buildAt('testing', 0), 'a'), 'approve', decisionOn('a'));
  const build = applyOutcome(approved, outcomeWith(draft('a')), NOW);
  expect(build).toMatchObject({ state: 'testing', attempts: { testing: 2 }, redone: { testing: 1 } });
  // A gate that ignores approvals must not repeat the phase forever.
  expect(applyOutcome(build, outcomeWith(draft('a')), NOW)).toMatchObject({ failure: { type: 'Retries.Exhausted' } });
});

test('a phase with its own objections fails with Retries.Exhausted although another phase has an open finding', () => {
  const mending = applyOutcome(buildAt('testing', 1), outcomeWith(draft('a')), NOW);
  const outcome = { ...WORKED, objections: ['no change'], findings: { judged: [], found: [] } };
  const build = applyOutcome(mending, outcome, NOW);
  expect(build).toMatchObject({ state: 'error', failure: { type: 'Retries.Exhausted', phase: 'implementation' } });
  expect(openFindings(build)).toHaveLength(1);
});

test('a Code Writer that changes nothing makes the build wait for a person, and an approval repeats the tests of that commit', () => {
  const sentBack = applyOutcome(buildAt('testing', 3), outcomeWith(draft('a')), NOW);
  expect(sentBack.state).toBe('implementation');
  const outcome = {
    ...WORKED,
    objections: ['no change'],
    findings: { judged: [], found: [] },
    isUnchanged: true as const,
  };
  const waits = applyOutcome(sentBack, outcome, NOW);
  expect(waits).toMatchObject({ state: 'error', failure: { type: 'Decision.Needed', continuesWith: 'testing' } });
  expect(apply(waits, 'approve', { gate: 'tampering', digest: digestOf('a') }).state).toBe('testing');
});

test('a Code Writer that changes nothing gets its earlier feedback again, and the failure contains it', () => {
  const sentBack = applyOutcome(buildAt('testing', 2), { ...WORKED, objections: ['red'] }, NOW);
  const outcome = { ...WORKED, objections: ['no change'], isUnchanged: true as const };
  const again = applyOutcome(sentBack, outcome, NOW);
  expect(again.feedback).toEqual(expect.arrayContaining(['no change', 'red']));
  const build = applyOutcome(again, outcome, NOW);
  expect(build).toMatchObject({ state: 'error', failure: { type: 'Retries.Exhausted' } });
  expect(build.failure?.message).toContain('red');
});

test('a rollback does not reopen findings that were approved since the checkpoint', () => {
  const stopped = applyOutcome(
    buildIn('testing', withFinding(buildAt('testing', 0), 'a')),
    outcomeWith(draft('a')),
    NOW,
  );
  const checkpoint = { ...stopped.checkpoints.testing, findings: openFindings(stopped) };
  const checkpoints = { ...stopped.checkpoints, planning: checkpoint } as BuildState['checkpoints'];
  const waits = { ...stopped, checkpoints } as BuildState;
  const approvals = [{ gate: 'tampering', digest: digestOf('a'), actor: 'ada', at: NOW }];
  const back = apply({ ...waits, approvals } as BuildState, 'rollback', { target_state: 'planning', reason: 'anew' });
  expect(back).toMatchObject({ findings: [], approvals });
});
