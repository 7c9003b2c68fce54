/**
 * The model calls that this process has sent and not answered yet. A retry of an activity joins the call of its earlier try.
 *
 * If heartbeats come too late, on a busy machine or while the server stands still, the server gives the activity up although it
 * runs, and starts it again. Without this file the call of the first try would be broken off and paid for a second time.
 */
import { CancelledFailure } from '@temporalio/activity';
import type { Context } from '@temporalio/activity';

/** One try of an activity that waits for a call. */
export interface Caller extends Pick<Context, 'cancellationSignal' | 'cancellationDetails'> {
  /** Whether the answer is still wanted. It is asked after the server has given this try up: its build may have ended, too. */
  isWanted(): Promise<boolean>;
}

export interface CallsInFlight {
  /**
   * Joins the call with this key, or starts it. `start` gets the signal of the call, which is aborted if a caller is cancelled on
   * purpose, or if the answer is no longer wanted. A cancelled caller gets its cancellation at once.
   */
  join<T>(key: string, caller: Caller, start: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

interface CallInFlight {
  result: Promise<unknown>;
  stop: AbortController;
}

export function createCallsInFlight(): CallsInFlight {
  const calls = new Map<string, CallInFlight>();
  const begin = (key: string, start: (signal: AbortSignal) => Promise<unknown>): CallInFlight => {
    const stop = new AbortController();
    const call = { result: start(stop.signal).finally(() => calls.delete(key)), stop };
    // Nobody may be waiting when the call fails.
    call.result.catch(() => undefined);
    calls.set(key, call);
    return call;
  };
  return {
    async join<T>(key: string, caller: Caller, start: (signal: AbortSignal) => Promise<T>) {
      caller.cancellationSignal.throwIfAborted();
      const earlierCall = calls.get(key);
      if (earlierCall === undefined) return (await waitFor(begin(key, start), caller)) as T;
      try {
        return (await waitFor(earlierCall, caller)) as T;
      } catch (error) {
        // The call ended with its own try before its request was sent.
        if (!(error instanceof CancelledFailure) || caller.cancellationSignal.aborted) throw error;
        return (await waitFor(calls.get(key) ?? begin(key, start), caller)) as T;
      }
    },
  };
}

function waitFor({ result, stop }: CallInFlight, caller: Caller): Promise<unknown> {
  const { cancellationSignal: signal } = caller;
  return new Promise((resolve, reject) => {
    const onCancel = () => {
      const reason: unknown = signal.reason;
      reject(reason);
      void mayEnd(caller).then((may) => may && stop.abort(reason));
    };
    signal.addEventListener('abort', onCancel, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onCancel));
  });
}

/** True if no try of the activity waits for the answer, now or later. */
async function mayEnd({ cancellationDetails: details, isWanted }: Caller): Promise<boolean> {
  const isGivenUp = details !== undefined && (details.notFound || details.timedOut);
  if (!isGivenUp || details.cancelRequested || details.workerShutdown) return true;
  return !(await isWanted().catch(() => true));
}
