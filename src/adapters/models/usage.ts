/**
 * Reads the token usage of a call, as far as the provider reported it.
 *
 * Some SDKs return zero for a number that was not reported, so the provider's raw usage decides which numbers are known.
 */
import type { LanguageModelUsage } from 'ai';
import type { ModelReply, TokenUsage } from '../../ports/model';

export const UNKNOWN_USAGE: TokenUsage = { inputTokens: null, outputTokens: null, cachedInputTokens: null };

const INPUT = /"(?:prompt|input)_?token\w*":\d/i;
const OUTPUT = /"(?:completion|output|candidates|thoughts)_?token\w*":\d/i;
const CACHED = /"\w*cache\w*":\d/i;

export function usageOf({ raw, inputTokens, outputTokens, inputTokenDetails }: LanguageModelUsage): TokenUsage {
  const rawText = raw === undefined ? undefined : JSON.stringify(raw);
  const known = (pattern: RegExp, value: number | undefined) =>
    value === undefined || Number.isNaN(value) || (rawText !== undefined && !pattern.test(rawText)) ? null : value;
  return {
    inputTokens: known(INPUT, inputTokens),
    outputTokens: known(OUTPUT, outputTokens),
    cachedInputTokens: known(CACHED, inputTokenDetails.cacheReadTokens),
  };
}

/** Adds `lost` earlier answers that broke off: paid calls with unknown tokens. */
export function withLost(reply: ModelReply, lost: number): ModelReply {
  if (lost === 0) return reply;
  const { usage } = reply;
  return { ...reply, calls: reply.calls + lost, usage: { ...usage, unknownCalls: (usage.unknownCalls ?? 0) + lost } };
}
