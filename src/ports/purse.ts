/**
 * The purse of a model call: it reserves what an HTTP request may cost before the request is sent, and settles it afterwards. Types only.
 */
import type { TokenUsage } from './model';

export interface PaidRequest {
  /** `provider:id`. */
  model: string;
  /** The bytes of the body that is sent. */
  bytes: number;
  /** Files of the request that are no text. */
  files: number;
  /** The limit of output tokens that the request names. */
  outputTokens: number;
  /** SHA-256 of the body, as in the answer's journal. */
  request: string;
  /** The longest time that the request takes. */
  timeoutMs: number;
}

/**
 * The result of a request. `unpaid`: the server refused it, or it never reached a server. `unknown`: it may have been paid for, and how
 * much it used is not known, so it counts with all that was reserved.
 */
export type Settlement = TokenUsage | 'unpaid' | 'unknown';

export interface Reservation {
  settle(result: Settlement): Promise<void>;
}

export interface Purse {
  /** The output tokens of a request whose model has no limit in its settings. The request then names this limit. */
  readonly outputTokens: number;
  /** Throws Failure `Budget.Reached` if a budget does not allow the request. It must not be sent then. */
  reserve(request: PaidRequest): Promise<Reservation>;
  /** Settles a request of a killed worker, whose answer was found in the journal. */
  settleEarlier(request: string, usage: TokenUsage): Promise<void>;
}
