/**
 * The ladder of a stuck build: what is tried, in order, each once, and at what price at most. Pure.
 */
import { PHASES } from '../roles';
import type { Phase, Role } from '../roles';
import { AMOUNT_KINDS, NOTHING, addAmounts, largerAmounts } from '../money/amounts';
import type { Amounts } from '../money/amounts';

/** The rungs in order. `person`: the build waits in `error`. */
export const RUNGS = ['diagnosis', 'stronger_model', 'new_plan', 'person'] as const;
export type Rung = (typeof RUNGS)[number];

/** A model that is stronger than the role's own, and its price beside that one. */
export interface StrongerModel {
  role: Role;
  /** How many times as much as the role's own model it may cost; absent: not known. */
  priceRatio?: number | undefined;
}

/** What decides which rungs there are. */
interface LadderFacts {
  taken: readonly Rung[];
  /** The phase that is to be done again, and the role that has it. */
  target: Phase;
  role: Role;
  stronger: readonly StrongerModel[];
  /** True if a model makes the plan. */
  canPlan: boolean;
}

/** Gives the next rung that is left. The last one is always there. */
export function nextRung({ taken, target, role, stronger, canPlan }: LadderFacts): Rung {
  const isThere: Record<Rung, boolean> = {
    diagnosis: true,
    stronger_model: stronger.some((one) => one.role === role),
    new_plan: canPlan && PHASES.indexOf(target) > PHASES.indexOf('planning'),
    person: true,
  };
  const highest = Math.max(-1, ...taken.map((rung) => RUNGS.indexOf(rung)));
  return RUNGS.find((rung, index) => index > highest && isThere[rung]) ?? 'person';
}

/** The work of a rung may cost twice what the dearest earlier attempts cost: a diagnosis makes prompts longer, another way needs other steps. */
const MARGIN = 2;

interface RungWork {
  /** The phases of the rung, from the one that is done again to the one that found the build stuck. */
  from: Phase;
  to: Phase;
  /** The dearest attempt of each phase so far, and the dearest call. */
  costs: Partial<Record<Phase, Amounts>>;
  call: Amounts;
  /** The stronger model's price beside the role's own. */
  priceRatio?: number | undefined;
}

/** Gives the most that a rung may cost. Work beyond it ends the rung. */
export function forecastOf({ from, to, costs, call, priceRatio = 1 }: RungWork): Amounts {
  const phases = PHASES.slice(PHASES.indexOf(from), PHASES.indexOf(to) + 1);
  const dearest = Object.values(costs).reduce(largerAmounts, call);
  const once = phases.map((phase) => costs[phase] ?? dearest).reduce(addAmounts, NOTHING);
  const { microUsd, tokens, calls } = largerAmounts(once, call);
  return {
    microUsd: Math.ceil(microUsd * MARGIN * Math.max(1, priceRatio)),
    tokens: Math.ceil(tokens * MARGIN),
    calls: Math.max(calls, phases.length) * MARGIN,
  };
}

/** True if the next call, as dear as the dearest so far, could exceed the forecast of the rung. */
export function mayExceed({ spent, call, forecast }: { spent: Amounts; call: Amounts; forecast: Amounts }): boolean {
  const next = addAmounts(spent, call);
  return AMOUNT_KINDS.some((kind) => forecast[kind] > 0 && next[kind] > forecast[kind]);
}
