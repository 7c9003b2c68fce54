/**
 * The search attributes of a build: their names, their types, their values. The one list of them.
 *
 * Stored in the clear, so never prompts or personal data. The client sets them at the start, the workflow later.
 */
import type { BuildState } from '../domain/build/state';
import { ownerOf, phaseOf } from '../domain/states';
import { statusOf } from '../domain/build/view';

interface SearchAttribute {
  type: 'Keyword' | 'Int';
  of: (build: BuildState) => string | number;
}

export const SEARCH_ATTRIBUTES = {
  ProjectId: { type: 'Keyword', of: ({ projectId }) => projectId },
  BuildId: { type: 'Keyword', of: ({ buildId }) => buildId },
  BuildState: { type: 'Keyword', of: ({ state }) => state },
  BuildStatus: { type: 'Keyword', of: statusOf },
  BuildRole: { type: 'Keyword', of: ({ state }) => ownerOf(state) ?? 'none' },
  BuildAttempt: { type: 'Int', of: attemptOf },
} as const satisfies Record<string, SearchAttribute>;
export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;

/** In the list form of the SDK's untyped attributes, which servers without registered keys never see. */
export function searchAttributesOf(build: BuildState): Record<SearchAttributeName, [string] | [number]> {
  const values = Object.entries(SEARCH_ATTRIBUTES).map(([name, { of }]) => [name, [of(build)]]);
  return Object.fromEntries(values) as Record<SearchAttributeName, [string] | [number]>;
}

function attemptOf({ state, attempts }: BuildState): number {
  const phase = phaseOf(state);
  return phase === null ? 0 : attempts[phase];
}
