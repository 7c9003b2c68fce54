/**
 * The part of a build's state that shows whether it is stuck: signs, costs of attempts, and the rungs that were tried. Pure.
 *
 * Only builds with `stuckAfter` have it: older builds are not measured.
 */
import { NOTHING, largerAmounts, subtractAmounts } from '../money/amounts';
import type { Amounts } from '../money/amounts';
import { PHASE_OWNER } from '../roles';
import type { Phase, Role } from '../roles';
import { forecastOf, mayExceed, nextRung } from '../stuck/ladder';
import type { Rung, StrongerModel } from '../stuck/ladder';
import { countSigns, describeSign, keyOf } from '../stuck/signs';
import type { CountedSign, Sign } from '../stuck/signs';
import { totalOf } from '../money/spend';
import type { BuildState } from './state';

/** How often the same sign is measured before a build counts as stuck, if the start request does not say. */
export const STUCK_AFTER_DEFAULT = 3;

export interface StuckState {
  signs: CountedSign[];
  /** The keys of the signs that were measured since the work last went back. */
  recent: string[];
  /** The rungs that were tried since a person last intervened, in order. */
  taken: Rung[];
  /** The rung at work; null if there is none. */
  rung: RungAtWork | null;
  /** The role that works with its stronger model from now on. */
  stronger: Role | null;
  /** The dearest attempt of each phase, and the dearest call. */
  costs: Partial<Record<Phase, Amounts>>;
  call: Amounts;
  /** What the build had spent when its last attempt ended. */
  mark: Amounts;
}

export interface RungAtWork {
  name: Rung;
  /** The phase that is done again, and the phase that found the build stuck. */
  target: Phase;
  phase: Phase;
  /** What is the same, for the role and for people. */
  because: string[];
  forecast: Amounts;
  /** What the build had spent when the rung began. */
  before: Amounts;
}

/** What an activity measured of an attempt. */
export interface AttemptSigns {
  signs: Sign[];
  /** The stronger models that the worker has. */
  stronger: StrongerModel[];
}

const NOTHING_MEASURED: StuckState = {
  ...{ signs: [], recent: [], taken: [], rung: null, stronger: null, costs: {} },
  ...{ call: NOTHING, mark: NOTHING },
};

export function stuckOf({ stuck }: Pick<BuildState, 'stuck'>): StuckState {
  return stuck ?? NOTHING_MEASURED;
}

/** All that the build has spent. Money is zero in a build without a budget, whose calls have no prices. */
export function spentOf({ usage, spend }: Pick<BuildState, 'usage' | 'spend'>): Amounts {
  const { inputTokens, outputTokens, calls } = usage;
  return { microUsd: totalOf(spend).microUsd, tokens: inputTokens + outputTokens, calls };
}

/** Remembers the dearest call. `before`: the build without the step's usage. */
export function measureStep(build: BuildState, before: BuildState): BuildState {
  if (build.stuckAfter === undefined) return build;
  const stuck = stuckOf(build);
  const cost = subtractAmounts(spentOf(build), spentOf(before));
  return { ...build, stuck: { ...stuck, call: largerAmounts(stuck.call, cost) } };
}

/** Counts the signs of an attempt that has ended, and what it cost. `before`: the build without the usage of its last step. */
export function measureAttempt(
  build: BuildState,
  { phase, signs, before }: { phase: Phase; signs: Sign[]; before: BuildState },
): BuildState {
  if (build.stuckAfter === undefined) return build;
  const { stuck = NOTHING_MEASURED } = measureStep(build, before);
  const spent = spentOf(build);
  const cost = largerAmounts(stuck.costs[phase] ?? NOTHING, subtractAmounts(spent, stuck.mark));
  return {
    ...build,
    stuck: {
      ...stuck,
      signs: countSigns(stuck.signs, signs),
      recent: [...new Set([...stuck.recent, ...signs.map(keyOf)])],
      costs: { ...stuck.costs, [phase]: cost },
      mark: spent,
    },
  };
}

/** The signs of the last cycle that were measured `stuckAfter` times or more: the build is stuck. Empty: it is not. */
export function stuckSigns(build: BuildState): CountedSign[] {
  const { stuckAfter, stuck } = build;
  if (stuckAfter === undefined || stuck === undefined) return [];
  return stuck.signs.filter((sign) => sign.times >= stuckAfter && stuck.recent.includes(keyOf(sign)));
}

/** Gives the build with its next rung at work. */
export function beginRung(
  build: BuildState,
  input: { target: Phase; phase: Phase; because: string[]; stronger: readonly StrongerModel[] },
): { build: BuildState; rung: RungAtWork } {
  const { target, phase, because, stronger } = input;
  const stuck = stuckOf(build);
  const role = PHASE_OWNER[target];
  const canPlan = build.roles[PHASE_OWNER.planning] === 'llm';
  const name = nextRung({ taken: stuck.taken, target, role, stronger, canPlan });
  const from = name === 'new_plan' ? 'planning' : target;
  const priceRatio = name === 'stronger_model' ? stronger.find((one) => one.role === role)?.priceRatio : undefined;
  const before = spentOf(build);
  const forecast = name === 'person' ? NOTHING : forecastOf({ from, to: phase, ...stuck, priceRatio });
  const rung: RungAtWork = { name, target: from, phase, because, forecast, before };
  const isStronger = name === 'stronger_model';
  const next: StuckState = {
    ...stuck,
    ...{ recent: [], taken: [...stuck.taken, name], rung: name === 'person' ? null : rung },
    stronger: isStronger ? role : stuck.stronger,
  };
  return { build: { ...build, stuck: next }, rung };
}

/** Ends the rung at work, since its cycle is over. */
export function endCycle(build: BuildState, phase: Phase): BuildState {
  const { stuck } = build;
  if (stuck === undefined) return build;
  const rung = stuck.rung?.phase === phase ? null : stuck.rung;
  return { ...build, stuck: { ...stuck, rung } };
}

/** Begins a new cycle: the work goes back. */
export function beginCycle(build: BuildState): BuildState {
  return build.stuck === undefined ? build : { ...build, stuck: { ...build.stuck, recent: [] } };
}

/** A person intervened: everything is measured anew. What attempts cost stays known. */
export function withoutLadder(build: BuildState): Pick<BuildState, 'stuck'> {
  const { stuck } = build;
  if (stuck === undefined) return {};
  return { stuck: { ...stuck, signs: [], recent: [], taken: [], rung: null, stronger: null, mark: spentOf(build) } };
}

/** True if the rung at work has spent its forecast, so that the role makes no further call. */
export function isRungSpent(build: BuildState): boolean {
  const rung = build.stuck?.rung;
  if (rung == null) return false;
  const spent = subtractAmounts(spentOf(build), rung.before);
  return mayExceed({ spent, call: stuckOf(build).call, forecast: rung.forecast });
}

/** What a role is told of being stuck; undefined if it is not told anything. */
export function diagnosisFor(build: BuildState, phase: Phase): { rung: Rung; because: string[] } | undefined {
  const rung = build.stuck?.rung;
  return rung?.target === phase ? { rung: rung.name, because: rung.because } : undefined;
}

export function describeSigns(signs: readonly CountedSign[]): string[] {
  return signs.map(describeSign);
}
