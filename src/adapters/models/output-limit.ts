/**
 * The limit of output tokens that a request names: that of the settings, or one by which the cost of a call is bounded.
 *
 * A server that refuses the bound as too large is asked again with half of it, which costs nothing.
 */
import type { Failure } from '../../domain/failures';
import type { ModelRequest } from '../../ports/model';
import type { SdkConnection } from './provider';

/** Below this limit no useful answer fits. */
const SMALLEST_TOKENS = 1_000;
/** Refusals that name the limit of the output, and not the prompt. */
const NAMES_OUTPUT = /max_?(?:completion_?|output_?|new_?)?tokens|output tokens|in the completion|completion tokens/i;

export interface OutputLimit {
  /** Undefined: the request names none. */
  tokens: number | undefined;
  /** True for a bound that nobody has set for this model: a smaller one is tried where the server refuses it. */
  isBound: boolean;
}

/** `learned`: a smaller bound, after the server refused the larger one. */
export function outputLimitOf(
  { tuning = {}, defaultOutputTokens }: SdkConnection,
  { purse }: Pick<ModelRequest, 'purse'>,
  learned: number | undefined,
): OutputLimit {
  const set = tuning.maxOutputTokens ?? defaultOutputTokens;
  if (set !== undefined || purse === undefined) return { tokens: set, isBound: false };
  return { tokens: Math.min(learned ?? Infinity, purse.outputTokens), isBound: true };
}

/** Gives the next smaller bound; undefined where the failure has another cause, or the bound is the smallest. */
export function smallerLimit({ tokens, isBound }: OutputLimit, { type, detail = '' }: Failure): number | undefined {
  const isRefusal = type === 'Model.BadRequest' || type === 'Model.ContextTooLong';
  if (!isBound || tokens === undefined || !isRefusal || !NAMES_OUTPUT.test(detail)) return undefined;
  const half = Math.floor(tokens / 2);
  return half < SMALLEST_TOKENS ? undefined : half;
}

/** The most output tokens that the request allows, also by members that the settings add to its body. */
export function mostOutputTokens({ tuning = {} }: SdkConnection, { tokens = 0 }: OutputLimit): number {
  return Math.max(tokens, ...limitsIn(tuning.extraBody));
}

function limitsIn(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'number' && NAMES_OUTPUT.test(name) ? [member] : limitsIn(member),
  );
}
