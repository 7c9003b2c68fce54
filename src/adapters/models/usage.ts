/**
 * What a call used, as far as the provider said it.
 *
 * Some SDKs make a zero of a number that was not reported, so the provider's own form of the usage decides what is known.
 */
import type { LanguageModelUsage } from 'ai';
import type { ModelReply, TokenUsage } from '../../ports/model';

export const UNKNOWN_USAGE: TokenUsage = { inputTokens: null, outputTokens: null, cachedInputTokens: null };

const INPUT = /"(?:prompt|input)_?token\w*":\d/i;
const OUTPUT = /"(?:completion|output|candidates|thoughts)_?token\w*":\d/i;
const CACHED = /"\w*cache\w*":\d/i;

export function usageOf({ raw, inputTokens, outputTokens, inputTokenDetails }: LanguageModelUsage): TokenUsage {
  const said = raw === undefined ? undefined : JSON.stringify(raw);
  const known = (pattern: RegExp, value: number | undefined) =>
    value === undefined || Number.isNaN(value) || (said !== undefined && !pattern.test(said)) ? null : value;
  return {
    inputTokens: known(INPUT, inputTokens),
    outputTokens: known(OUTPUT, outputTokens),
    cachedInputTokens: known(CACHED, inputTokenDetails.cacheReadTokens),
  };
}

/** With `lost` answers that broke off before it: paid calls of which the tokens are unknown. */
export function withLost(reply: ModelReply, lost: number): ModelReply {
  if (lost === 0) return reply;
  const { usage } = reply;
  return { ...reply, calls: reply.calls + lost, usage: { ...usage, unknownCalls: (usage.unknownCalls ?? 0) + lost } };
}
