/**
 * Counts what a build spends: each model call once, also if a command made its work void or its worker was killed.
 */
import { callKeyOf, parseCallKey } from '../ids';
import { addSpend, totalOf } from '../money/spend';
import type { Amounts } from '../money/amounts';
import type { PaidCalls } from '../money/spend';
import type { Phase } from '../roles';
import type { BuildState } from './state';

/** The cost of a call that an activity found, and whose own activity did not report it. */
export interface FoundCall {
  /** The key of the call. */
  call: string;
  paid: PaidCalls[];
}

/** What an activity reports of money with its outcome or failure. */
export interface ReportedSpend {
  /** The key of the activity's own call. */
  call: string;
  /** What this call has cost, by model; empty: nothing. */
  paid: PaidCalls[];
  /** Earlier calls that were not counted yet, each with all that it has cost. */
  found?: FoundCall[];
}

/** Adds reported costs to the build. Each call counts once: the cost of a found call only while it is not counted. */
export function countSpend(build: BuildState, reported: ReportedSpend | undefined): BuildState {
  if (reported === undefined || build.budget === undefined) return build;
  const uncounted = build.uncountedCalls ?? [];
  const found = (reported.found ?? []).filter(({ call }) => uncounted.includes(call) && call !== reported.call);
  const counted = [...found, reported];
  const spend = counted.reduce((entries, { call, paid }) => {
    const position = parseCallKey(call);
    return position === null || paid.length === 0 ? entries : addSpend(entries, position, paid);
  }, build.spend ?? []);
  const left = uncounted.filter((key) => !counted.some(({ call }) => call === key));
  const { uncountedCalls: _, ...rest } = build;
  return {
    ...(rest as BuildState),
    ...(spend.length === 0 ? {} : { spend }),
    ...(left.length === 0 ? {} : { uncountedCalls: left }),
  };
}

/** Notes that the cost of a call is not counted: its activity ended without an outcome that was applied. */
export function withUncounted(build: BuildState, call: string | null): BuildState {
  const uncounted = build.uncountedCalls ?? [];
  if (call === null || build.budget === undefined || uncounted.includes(call)) return build;
  return { ...build, uncountedCalls: [...uncounted, call] };
}

/** What the build is known to have spent. Calls that are not counted yet are not in it. */
export function spentBy({ spend }: Pick<BuildState, 'spend'>): Amounts {
  return totalOf(spend);
}

/** The key of the call that a step of the build's current attempt makes. */
export function callOf(build: BuildState, { phase, step }: { phase: Phase; step: number }): string {
  const { projectId, buildId, requestKey, generation, attempts } = build;
  return callKeyOf({ projectId, buildId, requestKey, phase, generation, attempt: attempts[phase], step });
}
