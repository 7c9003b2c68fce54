/**
 * Plays builds of the domain whose roles loop: each attempt has signs and a cost, as activities report them.
 */
import { applyOutcome, passHandoff } from '../../../src/domain/build/outcomes';
import type { Outcome } from '../../../src/domain/build/outcome';
import { isRungSpent } from '../../../src/domain/build/stuck';
import type { BuildState } from '../../../src/domain/build/state';
import { isPhase } from '../../../src/domain/roles';
import type { Phase } from '../../../src/domain/roles';
import type { StrongerModel } from '../../../src/domain/stuck/ladder';
import type { Sign, SignKind } from '../../../src/domain/stuck/signs';
import { NOW, WORKED, digestOf, newBuild } from '../a-build';

export const COMMIT = 'c'.repeat(40);

export interface Attempt {
  signs?: Sign[];
  objections?: string[];
  /** Tokens of each call of the attempt. */
  calls?: number[];
  fails?: boolean;
}

export const sign = (kind: SignKind, digest = 'd1'): Sign => ({ kind, digest, says: `${kind} ${digest}` });

export function aBuild(over: Partial<BuildState> = {}): BuildState {
  return { ...newBuild({ mode: 'llm' }), stuckAfter: 3, ...over } as BuildState;
}

const usageOf = (tokens: number) => ({ calls: 1, inputTokens: tokens - 1, outputTokens: 1 });

const RUNG_SPENT: Outcome = {
  ...{ kind: 'failed', type: 'Role.Stuck', message: 'spent', isRungSpent: true },
  usage: { calls: 0, inputTokens: 0, outputTokens: 0 },
};

/** Plays one attempt of the present phase, step by step as the workflow does; a handoff is passed. */
export function play(build: BuildState, attempt: Attempt, stronger: StrongerModel[] = []): BuildState {
  if (!isPhase(build.state)) return passHandoff(build, NOW);
  const { signs = [], objections = [], calls = [100], fails = false } = attempt;
  const step = { kind: 'step', transcript: digestOf('a'), tree: COMMIT, base: COMMIT } as const;
  let now = build;
  for (const tokens of calls.slice(0, -1)) {
    if (isRungSpent(now)) return applyOutcome(now, RUNG_SPENT, NOW);
    now = applyOutcome(now, { ...step, usage: usageOf(tokens) }, NOW);
  }
  if (isRungSpent(now)) return applyOutcome(now, RUNG_SPENT, NOW);
  const usage = usageOf(calls.at(-1) ?? 100);
  const measured = { signs, stronger };
  const outcome: Outcome = fails
    ? { kind: 'failed', type: 'Role.StepsExhausted', message: 'again and again', usage, measured }
    : { ...WORKED, base: COMMIT, commit: COMMIT, ...evidenceOf(now.state as Phase), objections, usage, measured };
  return applyOutcome(now, outcome, NOW);
}

const INTEGRITY = {
  ...{ runner: 'node', sentinel: { kept: true, reason: '' }, baseline: { passed: 0, lost: 0, names: [] } },
  ...{ lockedDigest: null, unshown: [], control: null },
};

/** Evidence that the gates of the state accept. */
function evidenceOf(phase: Phase): Partial<Outcome & { kind: 'worked' }> {
  if (phase !== 'testing') return {};
  return {
    evidence: {
      ...{ kind: 'tests', command: ['test'], commit: COMMIT, exitCode: 0, timedOut: false },
      counts: { total: 1, passed: 1, failed: 0, skipped: 0 },
      ...{ coveragePercent: 100, integrity: INTEGRITY, logDigest: digestOf('1'), failing: [], durationMs: 1 },
      ...{ sandbox: 'bubblewrap', at: NOW },
    },
  };
}

/** Plays attempts until the build waits for a person or `limit` attempts were made. */
export function playUntilError(
  build: BuildState,
  attemptIn: (phase: Phase, build: BuildState) => Attempt,
  { stronger = [], limit = 60 }: { stronger?: StrongerModel[]; limit?: number } = {},
): BuildState {
  let now = build;
  for (let played = 0; played < limit && now.state !== 'error' && now.state !== 'complete'; played += 1)
    now = play(now, isPhase(now.state) ? attemptIn(now.state, now) : {}, stronger);
  return now;
}

export const rungsOf = (build: BuildState) =>
  build.events.filter(({ type }) => type === 'stuck').map(({ data }) => data.rung);
