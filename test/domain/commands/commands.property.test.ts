/**
 * Random sequences of legal and illegal commands: every invariant of a build holds after each command.
 */
import fc from 'fast-check';
import type { BuildState } from '../../../src/domain/build/state';
import { COMMAND_NAMES } from '../../../src/domain/commands';
import type { CommandName } from '../../../src/domain/commands';
import { applyOutcome, passHandoff } from '../../../src/domain/build/outcomes';
import { afterFailedUndo, hasEffectToUndo, afterUndo } from '../../../src/domain/build/pending-effects';
import { execute } from '../../../src/domain/build/reduce';
import { PHASES, ROLES, isPhase } from '../../../src/domain/roles';
import type { Phase } from '../../../src/domain/roles';
import { STATES, isEarlierPhase, ownerOf } from '../../../src/domain/states';
import { transitionKind } from '../../../src/domain/transitions';
import { cardOf } from '../../../src/domain/build/card';
import { NOTHING_USED } from '../../../src/domain/build/usage';
import { NOW, newBuild } from '../a-build';

const SEQUENCES = 10_000;
const RETRIES = 2;
const USAGE = { calls: 1, inputTokens: 10, outputTokens: 5 };

interface Step {
  /** A command, the `outcome` of an attempt, `pass` of a handoff state, or `settle` of a pending effect. */
  name: CommandName | 'outcome' | 'pass' | 'settle';
  wire: Record<string, unknown>;
  /** True: use the build's own role and state, so that many commands are legal. */
  isFitting: boolean;
  pick: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  name: fc.oneof(
    { weight: 8, arbitrary: fc.constant('advance' as const) },
    { weight: 4, arbitrary: fc.constant('outcome' as const) },
    { weight: 3, arbitrary: fc.constantFrom('pass' as const, 'settle' as const) },
    { weight: 5, arbitrary: fc.constantFrom(...COMMAND_NAMES.filter((name) => name !== 'cancel')) },
    { weight: 1, arbitrary: fc.constantFrom('cancel' as const, 'pass' as const, 'pass' as const) },
  ),
  wire: fc.record({
    role: fc.constantFrom(...ROLES),
    completed_state: fc.constantFrom(...STATES),
    next_state: fc.option(fc.constantFrom(...STATES), { freq: 3 }),
    target_state: fc.constantFrom(...STATES),
  }),
  isFitting: fc.nat(3).map((n) => n > 0),
  pick: fc.nat(1_000),
});

test('no sequence of commands and outcomes breaks an invariant', () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 40, size: 'max' }), (steps) => {
      let build: BuildState = { ...newBuild({ retriesPerPhase: RETRIES, mode: 'llm' }), budget: { calls: 1 } };
      for (const one of steps) {
        const next = applyStep(build, one);
        if (next === build) refused += 1;
        else accepted += 1;
        checkInvariants(build, next, one);
        build = next;
      }
      must(Buffer.byteLength(JSON.stringify(cardOf(build))) < 2_048, 'the card fits into a memo');
    }),
    { numRuns: SEQUENCES },
  );
  // If nearly all random commands were refused, the test would prove nothing.
  expect(accepted).toBeGreaterThan(SEQUENCES * 5);
  expect(refused).toBeGreaterThan(SEQUENCES);
});

test('a refused command changes nothing in the build', () => {
  fc.assert(
    fc.property(fc.constantFrom(...COMMAND_NAMES), fc.anything(), (name, wire) => {
      const build = newBuild();
      const before = JSON.stringify(build);
      const decision = execute(build, { name, wire, now: NOW });
      expect(JSON.stringify(build)).toBe(before);
      expect(decision.kind === 'refused' || decision.build !== build).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

function applyStep(build: BuildState, { name, wire, isFitting, pick }: Step): BuildState {
  if (name === 'pass') return passHandoff(build, NOW);
  if (name === 'settle') return settle(build, pick);
  if (name === 'outcome') return applyOutcome(build, outcomeFor(build, pick), NOW);
  const decision = execute(build, { name, wire: wireFor(build, name, { ...wire }, isFitting), now: NOW });
  return decision.kind === 'refused' ? build : decision.build;
}

function settle(build: BuildState, pick: number): BuildState {
  if (!hasEffectToUndo(build)) return build;
  if (pick % 3 > 0) return afterUndo(build, pick % 3 === 1 ? null : { number: 1, says: 'release 1 is live now' }, NOW);
  return afterFailedUndo(
    build,
    { type: pick % 2 === 0 ? 'Release.RollbackFailed' : 'Workspace.Overtaken', message: 'no' },
    NOW,
  );
}

function wireFor(build: BuildState, name: CommandName, wire: Record<string, unknown>, isFitting: boolean) {
  switch (name) {
    case 'advance': {
      const fit = isFitting ? { role: ownerOf(build.state) ?? wire.role, completed_state: build.state } : {};
      const { role, completed_state, next_state } = { ...wire, ...fit } as Record<string, unknown>;
      return { role, completed_state, phase_result: {}, ...(next_state == null ? {} : { next_state }) };
    }
    case 'rollback':
      return { target_state: wire.target_state, reason: 'because' };
    case 'answer':
      return { answers: Object.fromEntries(build.questions.map(({ id }) => [id, 'yes'])) };
    case 'note':
      return { text: 'because' };
    case 'budget':
      return { calls: (build.budget?.calls ?? 0) + (isFitting ? 1 : 0), reason: 'because' };
    default:
      return { reason: 'because' };
  }
}

function outcomeFor(build: BuildState, pick: number): Parameters<typeof applyOutcome>[1] {
  const output = { digest: `sha256:${'1'.repeat(64)}`, bytes: 2 };
  const commit = 'c'.repeat(40);
  if (pick % 7 === 0) return { kind: 'failed', type: 'Model.Unauthorized', message: 'no', usage: USAGE };
  if (pick % 13 === 0) {
    const reached = { scope: 'build', kind: 'calls', cap: 1, spent: 1, needed: 1 } as const;
    return { kind: 'over_budget', reached, step: 1, transcript: null, tree: null, usage: NOTHING_USED };
  }
  if (pick % 11 === 0 && build.state === 'discovery') {
    return { kind: 'ask', by: 'm', output, questions: [{ id: 'Q1', text: '?' }], usage: USAGE };
  }
  const counts = { total: 3, passed: pick % 3 === 0 ? 2 : 3, failed: pick % 3 === 0 ? 1 : 0, skipped: 0 };
  const exitCode = counts.failed === 0 ? 0 : 1;
  const run = { exitCode, timedOut: false, counts, coveragePercent: null, logDigest: output.digest, failing: [] };
  const evidence = {
    ...run,
    kind: 'tests' as const,
    command: ['t'],
    commit,
    durationMs: 1,
    sandbox: 'bubblewrap',
    at: NOW,
    integrity: {
      ...{ runner: 'node-test', sentinel: { kept: true, reason: '' }, unshown: [], control: null },
      ...{ baseline: { passed: 0, lost: 0, names: [] }, lockedDigest: null },
    },
  };
  const release = { number: 1, id: 'b1.g1.a1', commit, folder: '/f', version: '1', smoke: 'ok' };
  const common = { kind: 'worked' as const, by: 'm', output, base: 'b'.repeat(40), commit, usage: USAGE, notes: 'n' };
  return {
    ...common,
    objections: pick % 5 === 0 ? ['no'] : [],
    ...(build.state === 'testing' ? { evidence } : {}),
    ...(build.state === 'deployment' ? { release } : {}),
  };
}

function checkInvariants(before: BuildState, now: BuildState, { name }: Step): void {
  must((STATES as readonly string[]).includes(now.state), 'the state is one of the twelve');
  // The handoffs are a chain from discovery to this state, one for every change of state.
  must((now.handoffs.at(-1)?.toState ?? 'discovery') === now.state, 'handoffs and state agree');
  for (const handoff of now.handoffs.slice(before.handoffs.length)) {
    must(handoff.fromState === before.state, 'a handoff begins where the build was');
    const administrative = name === 'retry' || name === 'rollback';
    must(
      administrative || transitionKind(handoff.fromState, handoff.toState) !== null,
      'every other move is in the table',
    );
    if (name !== 'rollback') continue;
    must(
      before.state === 'error' || isEarlierPhase(handoff.toState as Phase, before.state),
      'a rollback leads to an earlier phase',
    );
    must(reachedBefore(before).includes(handoff.toState), 'a rollback leads to a phase that was reached');
  }
  must(
    PHASES.every((phase) => now.redone[phase] <= RETRIES),
    'retries are bounded',
  );
  must(now.revision >= before.revision, 'the revision never falls');
  must((now.state === 'error') === (now.failure !== null), 'a failure is named in error and nowhere else');
  must(!isPhase(now.state) || now.attempts[now.state] >= 1, 'a phase that is worked on has an attempt');
  must(
    before.state !== 'deployment' || now.state !== 'complete' || name !== 'outcome' || now.release !== null,
    'no model completes a build without a release',
  );
  const closed = before.state === 'complete' || before.cancelled;
  must(!closed || now.state === before.state, 'a finished build does not move');
}

function must(isTrue: boolean, law: string): void {
  if (!isTrue) throw new Error(`broken: ${law}`);
}

function reachedBefore(build: BuildState): string[] {
  return ['discovery', ...build.handoffs.map((handoff) => handoff.toState)];
}
