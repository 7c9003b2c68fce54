/**
 * The prices of models. Types only.
 */
import type { CallTokens } from '../domain/money/price';

export interface Prices {
  /**
   * Gives the cost of a call in whole micro-dollars. `model`: `provider:id`. `at`: the time of the request, since prices change. A
   * model whose price is not known costs the configured ceiling.
   */
  costOf(model: string, tokens: CallTokens, at: Date): number;
  /** Gives the largest cost of a call with at most these tokens, in whole micro-dollars. */
  mostOf(model: string, tokens: { input: number; output: number }, at: Date): number;
}
