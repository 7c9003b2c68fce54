/**
 * What a build has used: calls that are paid, and their tokens as far as providers name them.
 */
import type { BuildState } from './state';

/** Null: not known. */
export interface UsedTokens {
  calls: number;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Of the input: read from a provider's cache. */
  cachedInputTokens?: number | null;
  /** Of the calls: paid ones of which the tokens are not known. */
  unknownCalls?: number;
}

/** No call was made. */
export const NOTHING_USED: UsedTokens = { calls: 0, inputTokens: null, outputTokens: null };

/** The build with what an activity used added to it. */
export function countUsage(build: BuildState, { usage }: { usage: UsedTokens }): BuildState {
  const before = build.usage;
  const isUnknown = usage.inputTokens === null || usage.outputTokens === null;
  // `calls` holds those that broke off, too.
  const unknown = isUnknown ? usage.calls : (usage.unknownCalls ?? 0);
  const total = {
    calls: before.calls + usage.calls,
    inputTokens: before.inputTokens + (usage.inputTokens ?? 0),
    outputTokens: before.outputTokens + (usage.outputTokens ?? 0),
    ...more('cachedInputTokens', before.cachedInputTokens, usage.cachedInputTokens ?? 0),
    ...more('unknownCalls', before.unknownCalls, unknown),
  };
  return { ...build, usage: total };
}

/** Nothing where there is nothing to count: builds from before it was counted stay as they are. */
function more<N extends string>(name: N, before: number | undefined, added: number): Partial<Record<N, number>> {
  const sum = (before ?? 0) + added;
  return before === undefined && sum === 0 ? {} : ({ [name]: sum } as Record<N, number>);
}
