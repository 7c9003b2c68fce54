/**
 * Reserves what each HTTP request of a model call may cost before it is sent, and settles it when its result is known.
 */
import type { Failure } from '../../domain/failures';
import { sha256 } from '../../inspect/digest';
import type { TokenUsage } from '../../ports/model';
import type { PaidRequest, Purse, Reservation, Settlement } from '../../ports/purse';

/** Errors of `fetch` for a request that reached no server. */
const NEVER_SENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+)$/;
/** A gateway gave up its wait for the model, which may have answered and been paid. */
const GATEWAY_TIMEOUTS = [408, 504, 522, 524];

export interface PaidRequests {
  /** Throws Failure `Budget.Reached` where the request must not be sent. */
  reserve(body: unknown): Promise<void>;
  /** Settles a request that was reserved and not sent. */
  drop(): Promise<void>;
  /** Records the response to the request; undefined: a web page, which no model wrote. */
  onResponse(response: Response | undefined): void;
  /** Records that `fetch` failed. */
  onError(error: unknown): void;
  /** Settles the last request, if it is not settled yet. Null: the caller ended the call. */
  settle(result: { usage: TokenUsage } | { failure: Failure; usage?: TokenUsage | undefined } | null): Promise<void>;
}

/** `facts`: what is known of each request beside its body. Without a purse nothing is reserved. */
export function createPaidRequests(
  purse: Purse | undefined,
  facts: () => Pick<PaidRequest, 'model' | 'files' | 'outputTokens' | 'timeoutMs'>,
): PaidRequests {
  let open: Reservation | undefined;
  let isUnpaid = false;
  return {
    async reserve(body) {
      if (purse === undefined) return;
      isUnpaid = false;
      const text = typeof body === 'string' ? body : '';
      const bytes = body instanceof Uint8Array ? body.byteLength : Buffer.byteLength(text);
      open = await purse.reserve({ ...facts(), bytes, request: sha256(text) });
    },
    async drop() {
      const reservation = open;
      open = undefined;
      await reservation?.settle('unpaid');
    },
    onResponse(response) {
      isUnpaid = response === undefined || (!response.ok && !GATEWAY_TIMEOUTS.includes(response.status));
    },
    onError(error) {
      isUnpaid = NEVER_SENT.test(codeOf(error));
    },
    async settle(result) {
      const reservation = open;
      open = undefined;
      // The disk may be full. The answer must not be lost for that: the request then counts with the most that it can cost.
      await reservation?.settle(settlementOf(result, isUnpaid)).catch(() => undefined);
    },
  };
}

function settlementOf(result: Parameters<PaidRequests['settle']>[0], isUnpaid: boolean): Settlement {
  if (result === null) return isUnpaid ? 'unpaid' : 'unknown';
  if (result.usage !== undefined) return result.usage;
  return isUnpaid && 'failure' in result && result.failure.isPaid !== true ? 'unpaid' : 'unknown';
}

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? '' : codeOf(cause);
}
