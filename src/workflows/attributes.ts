/**
 * Lists the search attributes of a build: their names, types and values. No other file lists them.
 *
 * Temporal stores them in the clear, so they hold no prompts and no personal data. The client sets them at the start, the workflow
 * later.
 */
import type { BuildState } from '../domain/build/state';
import { ownerOf, phaseOf } from '../domain/states';
import { statusOf } from '../domain/build/status';

interface SearchAttribute {
  type: 'Keyword' | 'Int';
  value: (build: BuildState) => string | number;
}

export const SEARCH_ATTRIBUTES = {
  ProjectId: { type: 'Keyword', value: ({ projectId }) => projectId },
  BuildId: { type: 'Keyword', value: ({ buildId }) => buildId },
  BuildState: { type: 'Keyword', value: ({ state }) => state },
  BuildStatus: { type: 'Keyword', value: statusOf },
  BuildRole: { type: 'Keyword', value: ({ state }) => ownerOf(state) ?? 'none' },
  BuildAttempt: { type: 'Int', value: attemptOf },
} as const satisfies Record<string, SearchAttribute>;
export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;

/** Gives each attribute as a list of one value, the form of the SDK's untyped search attributes. */
export function searchAttributesOf(build: BuildState): Record<SearchAttributeName, [string] | [number]> {
  const values = Object.entries(SEARCH_ATTRIBUTES).map(([name, { value }]) => [name, [value(build)]]);
  return Object.fromEntries(values) as Record<SearchAttributeName, [string] | [number]>;
}

function attemptOf({ state, attempts }: BuildState): number {
  const phase = phaseOf(state);
  return phase === null ? 0 : attempts[phase];
}
