/**
 * The model calls of this process whose answers are not stored yet. A retry of an activity joins the call of its earlier try.
 *
 * If heartbeats come too late, on a busy machine or while the server stands still, the server gives the activity up although it
 * runs, and starts it again. And while the disk is full, an answer cannot be stored. Without this file the answer would be lost in
 * both cases, and paid for a second time.
 */
import { CancelledFailure } from '@temporalio/activity';
import type { Context } from '@temporalio/activity';

/** One try of an activity that waits for a call. */
export interface Caller extends Pick<Context, 'cancellationSignal' | 'cancellationDetails'> {
  /** Whether the answer is still wanted. It is asked after the server has given this try up: its build may have ended, too. */
  isWanted(): Promise<boolean>;
}

/** `A`: the answer; `S`: what is stored of it. */
export interface Call<A, S> {
  /** The signal is aborted if a caller is cancelled on purpose, or if the answer is no longer wanted. */
  ask(signal: AbortSignal): Promise<A>;
  /** If it fails, the answer stays in memory, and the next try stores it. */
  store(answer: A): Promise<S>;
}

export interface CallsInFlight {
  /** Joins the call with this key, or makes it. A cancelled caller gets its cancellation at once. */
  join<A, S>(key: string, caller: Caller, call: Call<A, S>): Promise<S>;
}

interface CallInFlight {
  answer: Promise<unknown>;
  /** Undefined while nobody stores the answer: after a failure to store it. */
  stored: Promise<unknown> | undefined;
  stop: AbortController;
}

export function createCallsInFlight(): CallsInFlight {
  const calls = new Map<string, CallInFlight>();

  function begin(key: string, { ask }: Call<never, unknown>): CallInFlight {
    const stop = new AbortController();
    const begun: CallInFlight = { answer: ask(stop.signal), stored: undefined, stop };
    calls.set(key, begun);
    begun.answer.catch(() => calls.delete(key));
    return begun;
  }

  function storeOnce(key: string, inFlight: CallInFlight, { store }: Call<never, unknown>): Promise<unknown> {
    inFlight.stored ??= inFlight.answer.then((answer) => store(answer as never));
    // Nobody may be waiting when the call, or the storing of its answer, fails.
    inFlight.stored.then(
      () => calls.delete(key),
      () => (inFlight.stored = undefined),
    );
    return inFlight.stored;
  }

  return {
    async join<A, S>(key: string, caller: Caller, call: Call<A, S>): Promise<S> {
      const anyCall = call as Call<never, unknown>;
      const wait = async () => {
        caller.cancellationSignal.throwIfAborted();
        const inFlight = calls.get(key) ?? begin(key, anyCall);
        return (await waitFor(storeOnce(key, inFlight, anyCall), inFlight.stop, caller)) as S;
      };
      const isJoining = calls.has(key);
      try {
        return await wait();
      } catch (error) {
        // The call ended with the try that began it, before its request was sent.
        if (isJoining && error instanceof CancelledFailure && !caller.cancellationSignal.aborted) return wait();
        throw error;
      }
    },
  };
}

function waitFor(result: Promise<unknown>, stop: AbortController, caller: Caller): Promise<unknown> {
  const { cancellationSignal: signal } = caller;
  return new Promise((resolve, reject) => {
    const onCancel = () => {
      const reason: unknown = signal.reason;
      reject(reason);
      void mayEnd(caller).then((may) => may && stop.abort(reason));
    };
    signal.addEventListener('abort', onCancel, { once: true });
    void result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onCancel));
  });
}

/** True if no try of the activity waits for the answer, now or later. */
async function mayEnd({ cancellationDetails: details, isWanted }: Caller): Promise<boolean> {
  const isGivenUp = details !== undefined && (details.notFound || details.timedOut);
  if (!isGivenUp || details.cancelRequested || details.workerShutdown) return true;
  return !(await isWanted().catch(() => true));
}
