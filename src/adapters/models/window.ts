/**
 * Estimates how many characters of a request fit into a model's context: from the settings, or from a refused request.
 */
import type { ModelRequest } from '../../ports/model';

/** Code and JSON have about three characters per token; prose has four. */
const CHARS_PER_TOKEN = 3;
/** Factor for the size of a refused request, if the refusal names no numbers. */
const REDUCTION = 0.75;

/** Returns the characters of the input that leave room for the output; undefined if the context is unknown. */
export function windowOf(contextTokens: number | undefined, outputTokens = 0): number | undefined {
  if (contextTokens === undefined) return undefined;
  return CHARS_PER_TOKEN * Math.max(contextTokens - outputTokens, Math.floor(contextTokens / 2));
}

/** Returns the window after a request was refused for its length. `words`: the provider's message. */
export function learnedWindow(request: ModelRequest, words: string | undefined): number {
  const sentChars = charsOf(request);
  const [limit = 0, requested = 0] = numbersIn(words?.slice(0, 2_000) ?? '');
  const ratio = limit > 0 && limit < requested ? Math.min(REDUCTION, (limit / requested) * 0.9) : REDUCTION;
  return Math.floor(sentChars * ratio);
}

/** Estimates the input tokens of a request. */
export function estimateTokens(request: ModelRequest): number {
  return Math.ceil(charsOf(request) / CHARS_PER_TOKEN);
}

function charsOf({ system, messages }: ModelRequest): number {
  return system.length + messages.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
}

/** Returns the smallest and the largest number that may be a count of tokens; empty if there are fewer than two. */
function numbersIn(words: string): number[] {
  const counts = [...words.matchAll(/\b\d{3,9}\b/g)].map(([number]) => Number(number)).filter((count) => count >= 500);
  return counts.length < 2 ? [] : [Math.min(...counts), Math.max(...counts)];
}
