/**
 * Reads the token usage of a call, as far as the provider reported it.
 *
 * Some SDKs return zero for a number that was not reported, so the provider's raw usage decides which numbers are known.
 */
import type { LanguageModelUsage } from 'ai';
import type { ModelReply, TokenUsage } from '../../ports/model';

export const UNKNOWN_USAGE: TokenUsage = { inputTokens: null, outputTokens: null, cachedInputTokens: null };

/** Members of the raw usage that report a number of tokens. */
const INPUT = /"(?:prompt|input)_?token\w*":\d/i;
const OUTPUT = /"(?:completion|output|candidates|thoughts)_?token\w*":\d/i;
const CACHED = /"\w*cache\w*":\d/i;
const CACHE_WRITE = /"\w*cache_?(?:creation|write)\w*":\d/i;
const REASONING = /"(?:reasoning|thoughts?|thinking)_?token\w*":\d/i;

export function usageOf(usage: LanguageModelUsage): TokenUsage {
  const { raw, inputTokens, outputTokens, inputTokenDetails, outputTokenDetails } = usage;
  const rawText = raw === undefined ? undefined : JSON.stringify(raw);
  const numberIfReported = (pattern: RegExp, value: number | undefined) =>
    value === undefined || Number.isNaN(value) || (rawText !== undefined && !pattern.test(rawText)) ? null : value;
  const cacheWriteTokens = numberIfReported(CACHE_WRITE, inputTokenDetails.cacheWriteTokens);
  const reasoningTokens = numberIfReported(REASONING, outputTokenDetails.reasoningTokens);
  return {
    inputTokens: numberIfReported(INPUT, inputTokens),
    outputTokens: numberIfReported(OUTPUT, outputTokens),
    cachedInputTokens: numberIfReported(CACHED, inputTokenDetails.cacheReadTokens),
    ...(cacheWriteTokens === null ? {} : { cacheWriteTokens }),
    ...(reasoningTokens === null ? {} : { reasoningTokens }),
  };
}

/** Adds `lostCalls` earlier answers that broke off: paid calls with unknown tokens. */
export function withLostCalls(reply: ModelReply, lostCalls: number): ModelReply {
  if (lostCalls === 0) return reply;
  const { usage } = reply;
  return {
    ...reply,
    calls: reply.calls + lostCalls,
    usage: { ...usage, unknownCalls: (usage.unknownCalls ?? 0) + lostCalls },
  };
}
