/**
 * The cost of a model call from its tokens and its model's price, and the largest cost that a request can have. Pure.
 */

/** The price of a model in US dollars per million tokens, which is the same number in micro-dollars per token. */
export interface Price {
  input: number;
  output: number;
  /** Input that the provider reads from its cache. */
  cachedInput: number;
  /** Input that the provider writes to its cache. */
  cacheWrite: number;
}

/** Tokens of a call. `input` includes cached tokens and those written to the cache; `output` includes reasoning. */
export interface CallTokens {
  input: number;
  cachedInput: number;
  cacheWrite: number;
  output: number;
}

/** Gives the cost in whole micro-dollars, rounded up. */
export function costOf(price: Price, tokens: CallTokens): number {
  const cached = Math.min(tokens.cachedInput, tokens.input);
  const written = Math.min(tokens.cacheWrite, tokens.input - cached);
  const plain = tokens.input - cached - written;
  const cost =
    plain * price.input + cached * price.cachedInput + written * price.cacheWrite + tokens.output * price.output;
  // Products of decimal prices carry an error of floating point, which must not add a micro-dollar.
  return Math.ceil(Number(cost.toFixed(6)));
}

/** Gives the dearest price of input: a provider decides which part of a request it reads from, or writes to, its cache. */
export function dearestInput({ input, cachedInput, cacheWrite }: Price): number {
  return Math.max(input, cachedInput, cacheWrite);
}

/** Tokens that a provider adds to a request, such as its own instructions for tools. */
const ADDED_TOKENS = 2_000;
/** An image or a page of a document counts by its size on the screen and not by its bytes. This is above every provider's limit. */
const FILE_TOKENS = 40_000;

/**
 * Gives the most input tokens that a request can have. A tokenizer makes at most one token of a byte: digits, rare scripts and random
 * texts come near that, so an average such as four bytes a token would be no bound.
 */
export function mostInputTokens({ bytes, files }: { bytes: number; files: number }): number {
  return bytes + files * FILE_TOKENS + ADDED_TOKENS;
}
