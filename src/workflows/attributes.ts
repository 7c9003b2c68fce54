/**
 * Lists the search attributes of a build: their names, types and values. No other file lists them.
 *
 * Temporal stores them in the clear, so they hold no prompts and no personal data. The client sets them at the start, the workflow
 * later.
 */
import type { BuildState } from '../domain/build/state';
import { spentBy } from '../domain/build/spend';
import { usdOf } from '../domain/money/usd';
import { ownerOf, phaseOf } from '../domain/states';
import { statusOf } from '../domain/build/status';

interface SearchAttribute {
  type: 'Keyword' | 'Int' | 'Double';
  /** Undefined: the build does not set the attribute. */
  value: (build: BuildState) => string | number | undefined;
}

export const SEARCH_ATTRIBUTES = {
  ProjectId: { type: 'Keyword', value: ({ projectId }) => projectId },
  BuildId: { type: 'Keyword', value: ({ buildId }) => buildId },
  BuildState: { type: 'Keyword', value: ({ state }) => state },
  BuildStatus: { type: 'Keyword', value: statusOf },
  BuildRole: { type: 'Keyword', value: ({ state }) => ownerOf(state) ?? 'none' },
  BuildAttempt: { type: 'Int', value: attemptOf },
  /** Not of a build without a budget: when an older version started it, its server may not have had this attribute. */
  BuildSpendUsd: { type: 'Double', value: spendUsdOf },
} as const satisfies Record<string, SearchAttribute>;
export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;

/** Gives each attribute as a list of one value, the form of the SDK's untyped search attributes. */
export function searchAttributesOf(build: BuildState): Partial<Record<SearchAttributeName, [string] | [number]>> {
  const attributes: ReadonlyArray<[string, SearchAttribute]> = Object.entries(SEARCH_ATTRIBUTES);
  const values = attributes.flatMap(([name, { value }]) => {
    const one = value(build);
    return one === undefined ? [] : [[name, [one]] as const];
  });
  return Object.fromEntries(values) as Partial<Record<SearchAttributeName, [string] | [number]>>;
}

function attemptOf({ state, attempts }: BuildState): number {
  const phase = phaseOf(state);
  return phase === null ? 0 : attempts[phase];
}

function spendUsdOf(build: BuildState): number | undefined {
  return build.budget === undefined ? undefined : usdOf(spentBy(build).microUsd);
}
