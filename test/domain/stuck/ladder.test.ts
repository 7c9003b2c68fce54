/**
 * Tests when a build counts as stuck, which rungs it climbs in which order, and that no rung costs more than its forecast.
 */
import fc from 'fast-check';
import { buildInputProblem } from '../../../src/domain/build/input';
import { isRungSpent, diagnosisFor, spentOf } from '../../../src/domain/build/stuck';
import type { BuildState } from '../../../src/domain/build/state';
import type { Phase } from '../../../src/domain/roles';
import { SIGNS_LIMIT, SIGN_KINDS, countSigns } from '../../../src/domain/stuck/signs';
import { apply } from '../a-build';
import { aBuild, play, playUntilError, rungsOf, sign } from './looping';
import type { Attempt } from './looping';

/** Moves up to implementation; and from there through testing back to implementation, with the handoff between. */
const [BEFORE_TESTS, CYCLE] = [3, 3];
const STRONGER = [{ role: 'code_writer' as const }];

/** The Code Writer leaves the same tree, and the same tests fail. */
const looping = (phase: Phase): Attempt => {
  if (phase === 'implementation') return { signs: [sign('tree')] };
  if (phase === 'testing') return { signs: [sign('failing')], objections: ['a test fails'] };
  return {};
};

test('a Code Writer that loops climbs each rung once, in order, and the build then waits for a person', () => {
  const build = playUntilError(aBuild(), looping, { stronger: STRONGER });
  expect(rungsOf(build)).toEqual(['diagnosis', 'stronger_model', 'new_plan', 'person']);
  expect(build.attempts).toMatchObject({ planning: 2, implementation: 6, testing: 6 });
  expect(build.failure).toMatchObject({ type: 'Role.Stuck', phase: 'implementation' });
  expect(build.failure?.message).toContain('tried: diagnosis, stronger model, new plan');
  expect(buildInputProblem({ resumed: build })).toBeNull();
});

test('without a stronger model that rung is left out, and without a planning model the new plan', () => {
  expect(rungsOf(playUntilError(aBuild(), looping))).toEqual(['diagnosis', 'new_plan', 'person']);
  const begun = aBuild();
  const planned = playUntilError(begun, looping, { limit: BEFORE_TESTS });
  const build = playUntilError(
    { ...planned, roles: { ...planned.roles, q_assistant: 'external' } } as BuildState,
    looping,
  );
  expect(rungsOf(build)).toEqual(['diagnosis', 'person']);
});

test.each(SIGN_KINDS.filter((kind) => kind !== 'tool_call'))(
  'the sign %s makes a build stuck the third time, not the second',
  (kind) => {
    const attemptIn = (phase: Phase): Attempt =>
      phase === 'testing' ? { signs: [sign(kind)], objections: ['not yet'] } : {};
    const twice = playUntilError(aBuild(), attemptIn, { limit: BEFORE_TESTS + 2 * CYCLE });
    expect(rungsOf(twice)).toEqual([]);
    expect(rungsOf(playUntilError(twice, attemptIn, { limit: CYCLE }))).toEqual(['diagnosis']);
  },
);

test('a tool call that repeats itself within one attempt is a sign by itself', () => {
  const attemptIn = (phase: Phase): Attempt =>
    phase === 'implementation' ? { signs: [{ ...sign('tool_call'), times: 4 }], fails: true } : {};
  const build = playUntilError(aBuild(), attemptIn);
  expect(rungsOf(build)).toEqual(['diagnosis', 'new_plan', 'person']);
  expect(build.attempts.implementation).toBe(3);
});

test('a failure without a sign waits for a person as before', () => {
  const build = playUntilError(aBuild(), (phase) => (phase === 'planning' ? { fails: true } : {}));
  expect(build.failure).toMatchObject({ type: 'Role.StepsExhausted' });
  expect(rungsOf(build)).toEqual([]);
});

test('a build that gets on is never stuck: other tests fail each time, and retries bound it as before', () => {
  let testings = 0;
  const build = playUntilError(aBuild(), (phase) => {
    if (phase !== 'testing') return {};
    testings += 1;
    return { signs: [sign('failing', `d${testings}`)], objections: [`test ${testings} fails`] };
  });
  expect(rungsOf(build)).toEqual([]);
  expect(build.failure).toMatchObject({ type: 'Retries.Exhausted' });
  expect(testings).toBe(4);
});

test('a model that swings between two answers is stuck, too', () => {
  let cycles = 0;
  const build = playUntilError(aBuild({ retriesPerPhase: 20 }), (phase) => {
    if (phase !== 'testing') return {};
    cycles += 1;
    return { signs: [sign('failing', `d${cycles % 2}`)], objections: ['a test fails'] };
  });
  expect(rungsOf(build)).toEqual(['diagnosis', 'new_plan', 'person']);
});

test('the diagnosis is given to the phase that is done again, only while its rung is at work', () => {
  const build = playUntilError(aBuild(), looping, { limit: BEFORE_TESTS + 3 * CYCLE });
  expect(build.state).toBe('implementation');
  expect(diagnosisFor(build, 'implementation')).toMatchObject({ rung: 'diagnosis' });
  expect(diagnosisFor(build, 'implementation')?.because.join()).toContain('the same tests fail (3 times): failing d1');
  expect(diagnosisFor(build, 'testing')).toBeUndefined();
  const mended = playUntilError(build, (phase) => (phase === 'implementation' ? { signs: [sign('tree', 'd2')] } : {}), {
    limit: CYCLE,
  });
  expect(mended.state).toBe('handoff_to_verifier');
  expect(diagnosisFor(mended, 'implementation')).toBeUndefined();
});

test('a retry and a rollback of a person begin the count and the ladder anew', () => {
  const stuck = playUntilError(aBuild(), looping);
  const retried = apply(stuck, 'retry', { reason: 'now with the right key' });
  expect(retried.stuck).toMatchObject({ signs: [], taken: [], rung: null });
  expect(rungsOf(playUntilError(retried, looping)).slice(3)).toEqual(['diagnosis', 'new_plan', 'person']);
  const rolledBack = apply(stuck, 'rollback', { target_state: 'planning', reason: 'another way' });
  expect(rolledBack.stuck).toMatchObject({ signs: [], taken: [], rung: null });
});

test('a build of an older version, or with `stuck: false`, is not measured', () => {
  const { stuckAfter: _, ...older } = aBuild();
  const build = playUntilError(older as BuildState, looping);
  expect(build.stuck).toBeUndefined();
  expect(build.failure).toMatchObject({ type: 'Retries.Exhausted' });
});

test('the number of signs is bounded, and the one that was seen last is kept', () => {
  const many = Array.from({ length: 500 }, (_, index) => sign('error', `d${index}`));
  const counted = countSigns([], many);
  expect(counted).toHaveLength(SIGNS_LIMIT);
  expect(counted.at(-1)).toMatchObject({ digest: 'd499', times: 1 });
});

test('a rung that reaches its forecast makes no further call, and the next rung follows', () => {
  const before = playUntilError(aBuild(), looping, { limit: BEFORE_TESTS + 3 * CYCLE });
  const spentBefore = spentOf(before);
  const forecast = before.stuck?.rung?.forecast;
  expect(forecast).toMatchObject({ tokens: 400, calls: 4 });
  const after = play(before, { calls: Array<number>(50).fill(100) });
  expect(rungsOf(after)).toEqual(['diagnosis', 'new_plan']);
  expect(after.events.findLast(({ type }) => type === 'stuck')?.data.because).toContain('has spent its forecast');
  const cost = spentOf(after).tokens - spentBefore.tokens;
  expect(cost).toBeLessThanOrEqual(forecast?.tokens ?? 0);
  expect(isRungSpent(after)).toBe(false);
});

test('in any build whose calls do not grow, each rung costs at most its forecast, and the ladder ends', () => {
  const attempt = fc.record({
    calls: fc.array(fc.integer({ min: 50, max: 100 }), { minLength: 1, maxLength: 6 }),
    digest: fc.constantFrom('d1', 'd2'),
  });
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 20 }), (attempts) => {
      let played = 0;
      let build = aBuild({ retriesPerPhase: 20 });
      for (let move = 0; move < 400 && build.state !== 'error' && build.state !== 'complete'; move += 1) {
        const { calls, digest } = attempts[(played += 1) % attempts.length] as (typeof attempts)[number];
        const rung = build.stuck?.rung ?? null;
        const isTesting = build.state === 'testing';
        const next = play(
          build,
          {
            // The dearest call is known from the first cycle on.
            calls: build.stuck === undefined ? [100] : calls,
            signs: isTesting ? [sign('failing', digest)] : [],
            objections: isTesting ? ['a test fails'] : [],
          },
          STRONGER,
        );
        if (rung !== null) {
          const cost = spentOf(next).tokens - rung.before.tokens;
          expect(cost).toBeLessThanOrEqual(rung.forecast.tokens);
        }
        build = next;
      }
      expect(build.state).toBe('error');
      expect(rungsOf(build)).toEqual(['diagnosis', 'stronger_model', 'new_plan', 'person']);
    }),
    { numRuns: 60 },
  );
});
