/**
 * Shapes of the members of a build that hold money, for the check of a workflow's input.
 */
import { PHASES, ROLES } from '../roles';
import { aCount, aText, aTime, mapOf, objectOf, oneOf, orAbsent, orNull } from '../shape';

const aPhase = oneOf(PHASES);

export const BUDGET = objectOf({
  ...{ microUsd: orAbsent(aCount), tokens: orAbsent(aCount), calls: orAbsent(aCount), wallClockS: orAbsent(aCount) },
});
export const SPEND_ENTRY = objectOf({
  ...{ phase: aPhase, role: oneOf(ROLES), generation: aCount, attempt: aCount, merged: orAbsent(aCount), model: aText },
  ...{ calls: aCount, inputTokens: aCount, cachedInputTokens: aCount, outputTokens: aCount, reasoningTokens: aCount },
  ...{ microUsd: aCount, unknownCalls: aCount },
});
export const BUDGET_GATE = objectOf({
  ...{ scope: oneOf(['build', 'project', 'day']), kind: oneOf(['usd', 'tokens', 'calls', 'wall_clock']) },
  ...{ cap: aCount, spent: aCount, needed: aCount, at: aTime, turn: aCount },
});
export const STEP_AT = objectOf({ turn: aCount, step: aCount, transcript: orNull(aText), tree: orNull(aText) });

const QUANTILES = objectOf({ median: aCount, p90: aCount });
export const FORECAST = objectOf({ builds: aCount, phases: mapOf(QUANTILES), total: orNull(QUANTILES), at: aTime });
