/**
 * How many characters of a request a model's context holds: by its settings, or learned from what it refused.
 */
import type { ModelRequest } from '../../ports/model';

/** Code and JSON have fewer characters a token than prose, where it is four. */
const CHARS_A_TOKEN = 3;
/** Of a request that was refused, where the refusal names no numbers. */
const LESS = 0.75;

/** Characters of the input, with room for the output left; undefined: unknown. */
export function windowOf(contextTokens: number | undefined, outputTokens = 0): number | undefined {
  if (contextTokens === undefined) return undefined;
  return CHARS_A_TOKEN * Math.max(contextTokens - outputTokens, Math.floor(contextTokens / 2));
}

/** After a refusal for length; `words` are the provider's. */
export function learnedWindow(request: ModelRequest, words: string | undefined): number {
  const sent = charsOf(request);
  const [most = 0, asked = 0] = numbersIn(words?.slice(0, 2_000) ?? '');
  return Math.floor(sent * (most > 0 && most < asked ? Math.min(LESS, (most / asked) * 0.9) : LESS));
}

function charsOf({ system, messages }: ModelRequest): number {
  return system.length + messages.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
}

/** Smallest and largest of the numbers that can be counts of tokens. */
function numbersIn(words: string): number[] {
  const counts = [...words.matchAll(/\b\d{3,9}\b/g)].map(([number]) => Number(number)).filter((count) => count >= 500);
  return counts.length < 2 ? [] : [Math.min(...counts), Math.max(...counts)];
}
