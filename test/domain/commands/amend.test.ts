/**
 * `amend`: which builds accept another request, what they keep, and which measurements become void.
 */
import { applyOutcome } from '../../../src/domain/build/outcomes';
import type { BuildState } from '../../../src/domain/build/state';
import { NOW, apply, buildIn, digestOf, newBuild, refusalOf } from '../a-build';

const NEW = digestOf('1');
const amendment = (build: BuildState, over: object = {}) => ({
  ...{ request: NEW, expected_request: build.request, changed: ['commands'], reason: 'the setup was missing' },
  ...over,
});
const EVIDENCE = { kind: 'tests', commit: 'c'.repeat(40) } as unknown as NonNullable<BuildState['evidence']>;

/** A build that failed before discovery because the tests cannot run. */
function stuckBuild(): BuildState {
  const failed = { kind: 'failed', type: 'Environment.TestsCannotRun', message: 'npm: not found' } as const;
  const usage = { calls: 0, inputTokens: null, outputTokens: null };
  const before = { isBeforeWork: true, detailsDigest: digestOf('d') } as const;
  return applyOutcome(newBuild({ mode: 'llm' }), { ...failed, ...before, usage }, NOW);
}

test('R12: a failure before the work began is not an attempt, so the retry after an amendment is the first', () => {
  const build = stuckBuild();
  expect(build).toMatchObject({ state: 'error', attempts: { discovery: 0 }, redone: { discovery: 0 } });
  const amended = apply(build, 'amend', amendment(build));
  expect(amended).toMatchObject({ state: 'error', request: NEW, survey: null, revision: build.revision + 1 });
  expect(amended.formerRequests).toEqual([{ digest: build.request }]);
  const again = apply(amended, 'retry', { reason: 'amended' });
  expect(again).toMatchObject({ state: 'discovery', attempts: { discovery: 1 }, feedback: [] });
});

test('the audit event of an amendment has the actor, the reason and both digests', () => {
  const build = stuckBuild();
  const amended = apply(build, 'amend', amendment(build, { actor: 'ada' }));
  expect(amended.events.at(-1)).toEqual({
    ...{ type: 'amended', actor: 'ada', at: NOW },
    data: { reason: 'the setup was missing', changed: 'commands', former_request: build.request, request: NEW },
  });
});

test('amended commands make evidence void, also in checkpoints; amended limits do not', () => {
  const before = buildIn('error');
  const checkpoints = { testing: { ...before.checkpoints.testing, evidence: EVIDENCE } } as BuildState['checkpoints'];
  const build = { ...before, evidence: EVIDENCE, checkpoints };
  const measured = apply(build, 'amend', amendment(build, { changed: ['retries'], retries_per_phase: 1 }));
  expect(measured).toMatchObject({ evidence: EVIDENCE, checkpoints, retriesPerPhase: 1 });
  const unmeasured = apply(build, 'amend', amendment(build));
  expect(unmeasured).toMatchObject({ evidence: null, checkpoints: { testing: { evidence: null } } });
  expect(unmeasured.outputs).toEqual(build.outputs);
});

test('an amendment without a coverage floor resets it to the default', () => {
  const build = { ...stuckBuild(), coverageFloorPercent: 50 };
  expect(apply(build, 'amend', amendment(build))).not.toHaveProperty('coverageFloorPercent');
  expect(apply(build, 'amend', amendment(build, { coverage_floor_percent: 60 }))).toMatchObject({
    coverageFloorPercent: 60,
  });
});

test.each<[string, BuildState, object, string, string | undefined]>([
  ['a build at work', newBuild({ mode: 'llm' }), {}, 'Command.NotWaiting', undefined],
  [
    "an expected_request that is not the build's request",
    stuckBuild(),
    { expected_request: NEW },
    'Command.Stale',
    'expected_request',
  ],
  ['the same request', stuckBuild(), { request: stuckBuild().request }, 'Command.NothingAmended', undefined],
  [
    'another repository than the one that was read',
    stuckBuild(),
    { changed: ['repository'] },
    'Command.RepositoryStays',
    'repository',
  ],
  ['an unknown member name', stuckBuild(), { changed: ['requirements'] }, 'Command.Malformed', 'changed'],
  ['an unknown mode', stuckBuild(), { roles: { code_writer: 'robot' } }, 'Command.Malformed', 'roles'],
  ['too many retries', stuckBuild(), { retries_per_phase: 21 }, 'Command.Malformed', 'retries_per_phase'],
  ['no reason', stuckBuild(), { reason: ' ' }, 'Command.Malformed', 'reason'],
  ['a closed build', buildIn('complete'), {}, 'Command.Finished', undefined],
])('refuses %s', (_what, build, over, type, field) => {
  const refusal = refusalOf(build, 'amend', amendment(build, over));
  expect(refusal.type).toBe(type);
  expect(refusal.field).toBe(field);
});

test.each([
  ['a paused build', apply(newBuild({ mode: 'llm' }), 'pause', { reason: 'lunch' })],
  ['a build whose role is external', newBuild()],
  ['a build in error', buildIn('error')],
])('%s accepts an amendment', (_what, build) => {
  expect(apply(build, 'amend', amendment(build)).request).toBe(NEW);
});
