/**
 * Counts what a build has used: paid model calls, and their tokens as far as providers report them.
 */
import type { BuildState } from './state';

/** The number of answered model calls, and of their tokens as far as providers report them. */
export interface Usage {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** Input tokens that came from a provider's cache. Absent until there were any. */
  cachedInputTokens?: number;
  /** Paid calls whose token counts are not known. Absent until there was one. */
  unknownCalls?: number;
}

/** Token counts are null if the provider did not report them. */
export interface UsedTokens {
  calls: number;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Input tokens that came from a provider's cache. */
  cachedInputTokens?: number | null;
  /** Paid calls whose token counts are not known. */
  unknownCalls?: number;
}

/** The usage of an activity that made no call. */
export const NOTHING_USED: UsedTokens = { calls: 0, inputTokens: null, outputTokens: null };

/** Adds an activity's usage to the build. */
export function countUsage(build: BuildState, { usage }: { usage: UsedTokens }): BuildState {
  const earlierUsage = build.usage;
  const isUnknown = usage.inputTokens === null || usage.outputTokens === null;
  // `calls` also includes calls that broke off.
  const unknownCalls = isUnknown ? usage.calls : (usage.unknownCalls ?? 0);
  const total = {
    calls: earlierUsage.calls + usage.calls,
    inputTokens: earlierUsage.inputTokens + (usage.inputTokens ?? 0),
    outputTokens: earlierUsage.outputTokens + (usage.outputTokens ?? 0),
    ...addToOptional('cachedInputTokens', earlierUsage.cachedInputTokens, usage.cachedInputTokens ?? 0),
    ...addToOptional('unknownCalls', earlierUsage.unknownCalls, unknownCalls),
  };
  return { ...build, usage: total };
}

/** Adds to an optional counter. Without anything to count the member stays absent, as in builds from before it was counted. */
function addToOptional<N extends string>(
  name: N,
  before: number | undefined,
  added: number,
): Partial<Record<N, number>> {
  const sum = (before ?? 0) + added;
  return before === undefined && sum === 0 ? {} : ({ [name]: sum } as Record<N, number>);
}
