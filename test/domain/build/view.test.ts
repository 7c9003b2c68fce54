/**
 * Views of a build: descriptions that name the owner, progress, expectations, and the card in the memo.
 */
import type { BuildState } from '../../../src/domain/build/state';
import { applyOutcome } from '../../../src/domain/build/outcomes';
import { afterHandedRelease } from '../../../src/domain/build/pending-effects';
import { ROLE_TITLE } from '../../../src/domain/roles';
import { STATES, describeState, ownerOf } from '../../../src/domain/states';
import { cardOf } from '../../../src/domain/build/card';
import { expectationOf } from '../../../src/domain/build/expects';
import { progressPercent } from '../../../src/domain/build/status';
import { completedPhases } from '../../../src/domain/build/status';
import { statusOf } from '../../../src/domain/build/status';
import { NOW, apply, buildIn, newBuild } from '../a-build';
import { verifies } from '../../requirements/verifies';

const RELEASE = { number: 1, id: 'r', commit: 'c'.repeat(40), folder: 'f', version: '1.0.0', smoke: 'ok' };
const USAGE = { calls: 1, inputTokens: 1, outputTokens: 1 };

function buildWithQuestions(ids: string[]): BuildState {
  const questions = ids.map((id) => ({ id, text: '?' }));
  const output = { digest: `sha256:${'1'.repeat(64)}`, bytes: 2 };
  return applyOutcome(newBuild({ mode: 'llm' }), { kind: 'ask', by: 'm', output, questions, usage: USAGE }, NOW);
}

verifies('1.13');
test.each(STATES.filter((state) => state !== 'error'))('the description of %s names its owner', (state) => {
  expect(describeState(state, { isReleased: true })).toContain(ROLE_TITLE[ownerOf(state) ?? 'q_assistant']);
});

test('R19: a complete build without a release is not called live', () => {
  expect(describeState('complete')).toBe('The build is complete; nothing was released');
});

test('the description of error says that a person is needed', () => {
  expect(describeState('error')).toMatch(/person/);
});

verifies('1.13');
test.each([
  ['discovery', 0],
  ['planning', 16.7],
  ['handoff_to_coder', 33.3],
  ['implementation', 33.3],
  ['handoff_to_tester', 50],
  ['testing', 50],
  ['verification', 66.7],
  ['handoff_to_releaser', 83.3],
  ['deployment', 83.3],
  ['complete', 100],
] as const)('in %s the progress is %d percent', (state, percent) => {
  expect(progressPercent(completedPhases(buildIn(state)))).toBe(percent);
});

test('in error the progress is that of the phase that failed', () => {
  expect(progressPercent(completedPhases(buildIn('error')))).toBe(50);
});

/** A complete build whose handed-over work was judged and not released. */
const ENDED_UNRELEASED = afterHandedRelease(
  buildIn('complete'),
  { base: null, commit: null, evidence: null, release: null, says: 'no role handed over a file' },
  '2026-01-01T00:00:00.000Z',
);

verifies('3.2', '4.4');
test.each([
  ['an external role', newBuild(), 'waiting', 'q_assistant', /external: waits for advance .*"discovery"/],
  ['a model', newBuild({ mode: 'llm' }), 'in_progress', 'q_assistant', /Q Assistant works on discovery, attempt 1/],
  ['open questions', buildWithQuestions(['Q1', 'Q2']), 'waiting', 'q_assistant', /answers the open questions: Q1, Q2/],
  ['a pause', apply(newBuild(), 'pause', { reason: 'x' }), 'paused', null, /resumes the build/],
  ['an error', buildIn('error'), 'error', null, /retry, rollback or cancel \(Role.GaveUp\)/],
  ['a paused error', apply(buildIn('error'), 'pause', { reason: 'x' }), 'paused', null, /resumes/],
  ['a release', { ...ENDED_UNRELEASED, release: RELEASE }, 'complete', null, /^Nothing: the build is live$/],
  ['work to release (R19)', buildIn('complete'), 'complete', null, /measures, judges and releases/],
  [
    'completion without a release (R19)',
    ENDED_UNRELEASED,
    'complete',
    null,
    /nothing was released \(no role handed over a file\)$/,
  ],
  ['a cancellation', apply(newBuild(), 'cancel', { reason: 'x' }), 'cancelled', null, /was cancelled/],
] as const)('the expectation of a build with %s names who acts next', (_what, build, status, role, task) => {
  expect(statusOf(build)).toBe(status);
  expect(expectationOf(build)).toMatchObject({ role, task: expect.stringMatching(task), deadline: null });
});

test.each([
  ['a hundred questions', buildWithQuestions(Array.from({ length: 100 }, (_, n) => `${n}`.padStart(40, 'Q')))],
  ['a long title and user', { ...newBuild(), title: '題'.repeat(200), userId: '\u0001'.repeat(200) }],
  [
    'a hundred questions, a long title and a long user',
    { ...buildWithQuestions(Array(100).fill('Q'.repeat(40))), title: '題'.repeat(200), userId: '人'.repeat(200) },
  ],
])('the card fits into a memo with %s', (_what, build) => {
  expect(Buffer.byteLength(JSON.stringify(cardOf(build)))).toBeLessThan(1_950);
});

test('the card shows the last handoffs, counted from the start', () => {
  const { handoffs, handoffCount } = cardOf(buildIn('implementation'));
  expect(handoffCount).toBe(3);
  expect(handoffs).toEqual([
    [0, 1, 0],
    [1, 2, 0],
    [2, 3, 0],
  ]);
});

test('M19: the card has the usage; cached tokens stay unknown until a provider reports them', () => {
  const failed = { kind: 'failed', type: 'Model.Unavailable', message: 'm' } as const;
  const build = newBuild({ mode: 'llm' });
  const once = applyOutcome(build, { ...failed, usage: USAGE }, NOW);
  expect(once.usage).toEqual(USAGE);
  expect(cardOf(once).usage).toEqual([1, 1, 1, null]);
  const cached = { calls: 1, inputTokens: 900, outputTokens: null, cachedInputTokens: 800 };
  const twice = applyOutcome({ ...build, usage: once.usage }, { ...failed, usage: cached }, NOW);
  expect(cardOf(twice).usage).toEqual([2, 901, 1, 800, 1]);
  const notReported = applyOutcome(
    { ...build, usage: twice.usage },
    { ...failed, usage: { ...USAGE, cachedInputTokens: null } },
    NOW,
  );
  expect(cardOf(notReported).usage).toEqual([3, 902, 2, 800, 1]);
});

test('M19: a call that broke off counts once as unknown, even if the tokens of the answer are unknown too', () => {
  const build = newBuild({ mode: 'llm' });
  const failed = { kind: 'failed', type: 'Model.Unavailable', message: 'm' } as const;
  const usage = { calls: 3, inputTokens: null, outputTokens: null, unknownCalls: 2 };
  expect(cardOf(applyOutcome(build, { ...failed, usage }, NOW)).usage).toEqual([3, 0, 0, null, 3]);
  const known = { calls: 3, inputTokens: 5, outputTokens: 6, unknownCalls: 2 };
  expect(cardOf(applyOutcome(build, { ...failed, usage: known }, NOW)).usage).toEqual([3, 5, 6, null, 2]);
});
