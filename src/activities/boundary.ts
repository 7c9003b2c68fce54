/**
 * Wraps activities for Temporal: sends heartbeats while an activity runs, and turns its errors into failures of Temporal.
 */
import { Context, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Failure, isRetryable } from '../domain/failures';
import { storageFailureOf } from '../domain/storage-failure';
import { HEARTBEAT } from '../domain/timings';
import type { LongWait, MeasuredAttempt, OverBudget, PaidCalls } from './failure-details';
import { redactText, redactValue } from '../inspect/secrets/redact';
import { progressOf } from './progress';

/**
 * The longest retry delay that is left to Temporal, because neither `pause` nor `retry` can shorten such a delay. The workflow makes
 * a longer wait itself: `status` shows that wait, and a command ends it. So does each wait of a request that was not sent (`isHeld`):
 * it would use up a retry without a call.
 */
const MAX_RETRY_DELAY_MS = 600_000;
/** The longest wait of a build. A provider that asks for more is called again after this time. */
const MAX_BUILD_WAIT_MS = 30 * 86_400_000;

/**
 * Wraps an activity: it sends heartbeats until the activity ends, and every error gets a type of the closed list of failures. It
 * redacts secrets in the result and in the failure, because both are stored in the history.
 */
export function withHeartbeatAndFailureTypes<A extends unknown[], R>(
  run: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    const context = Context.current();
    const heartbeatTimer = setInterval(() => heartbeat(progressOf(context)), HEARTBEAT.everyMs);
    try {
      return redactValue(await run(...args)).value;
    } catch (error) {
      // The SDK's reason tells a cancellation from a shutdown of the worker.
      if (context.cancellationSignal.aborted) throw context.cancellationSignal.reason;
      throw withoutStack(asApplicationFailure(error, context));
    } finally {
      clearInterval(heartbeatTimer);
    }
  };
}

/** Removes the stack, which has paths of this machine: other people can read the failures in the history. */
function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.message = redactText(failure.message).text;
  failure.stack = `${failure.type}: ${failure.message}`;
  return failure;
}

function asApplicationFailure(error: unknown, context: Context): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const failure = error instanceof Failure ? error : storageFailureOf(error);
  if (failure !== undefined) {
    const { type, message, retryAfterMs, isHeld = false, paidCalls = 0, capReached } = failure;
    if (capReached !== undefined) {
      const detail: OverBudget = { capReached };
      return ApplicationFailure.create({ type, message, nonRetryable: true, details: [detail] });
    }
    if (retryAfterMs !== undefined && (isHeld || retryAfterMs > MAX_RETRY_DELAY_MS) && isRetryable(type)) {
      const waitMs = Math.min(retryAfterMs, MAX_BUILD_WAIT_MS);
      const detail: LongWait = { waitUntil: new Date(Date.now() + waitMs).toISOString() };
      return ApplicationFailure.create({ type, message, nonRetryable: true, details: [detail] });
    }
    const delay = retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs };
    const { paidTokens, spend, measured } = failure;
    const tokens = paidTokens === undefined ? {} : { paidTokens };
    const detail: Partial<PaidCalls & MeasuredAttempt> = {
      ...(paidCalls === 0 && spend === undefined ? {} : { paidCalls, ...tokens }),
      ...(spend === undefined ? {} : { spend }),
      ...(measured === undefined ? {} : { measured }),
    };
    const details = Object.keys(detail).length === 0 ? {} : { details: [redactValue(detail).value] };
    return ApplicationFailure.create({ type, message, nonRetryable: !isRetryable(type), ...delay, ...details });
  }
  // Messages of libraries and providers go into the worker's log only, because more people read the history than the log.
  context.log.error('an activity failed unexpectedly', { error });
  const name = error instanceof Error ? error.name : typeof error;
  return ApplicationFailure.create({
    type: 'Activity.Unexpected',
    message: `unexpected ${name}; the worker's log has it`,
  });
}
