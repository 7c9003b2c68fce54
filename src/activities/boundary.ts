/**
 * The edge between our activities and Temporal: heartbeats while they run, and failures as Temporal knows them.
 */
import { Context, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Failure, isRetryable } from '../domain/failures';
import { storageFailureOf } from '../domain/storage-failure';
import { HEARTBEAT } from '../domain/timings';
import type { LongWait, PaidCalls } from './contract';
import { redactText, redactValue } from '../inspect/secrets/redact';
import { progressOf } from './progress';

/**
 * The server holds a delay once it is named, and neither pause nor retry shortens it. A longer wait is the workflow's: `status`
 * shows it, and a command ends it.
 */
const LONGEST_WAIT_MS = 600_000;
/** No provider means a year: it is asked again then, and may say so again. */
const LONGEST_WAIT_OF_BUILD_MS = 30 * 86_400_000;

/**
 * Wraps an activity: it heartbeats until it ends, and what it throws has a type of the closed list. Neither its result nor its
 * failure carries a secret into the history: not one that a model said, and not one that a log shows.
 */
export function bounded<A extends unknown[], R>(run: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    const context = Context.current();
    const beat = setInterval(() => heartbeat(progressOf(context)), HEARTBEAT.everyMs);
    try {
      return redactValue(await run(...args)).value;
    } catch (error) {
      // Cancelled, or the worker is shutting down: the SDK's own reason says which.
      if (context.cancellationSignal.aborted) throw context.cancellationSignal.reason;
      throw withoutStack(asApplicationFailure(error, context));
    } finally {
      clearInterval(beat);
    }
  };
}

/** History is read far from here: where our files lie on this machine is nobody's business. */
function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.message = redactText(failure.message).text;
  failure.stack = `${failure.type}: ${failure.message}`;
  return failure;
}

function asApplicationFailure(error: unknown, context: Context): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const failure = error instanceof Failure ? error : storageFailureOf(error);
  if (failure !== undefined) {
    const { type, message, retryAfterMs, paidCalls = 0, paidTokens } = failure;
    if (retryAfterMs !== undefined && retryAfterMs > LONGEST_WAIT_MS && isRetryable(type)) {
      const waitMs = Math.min(retryAfterMs, LONGEST_WAIT_OF_BUILD_MS);
      const detail: LongWait = { waitUntil: new Date(Date.now() + waitMs).toISOString() };
      return ApplicationFailure.create({ type, message, nonRetryable: true, details: [detail] });
    }
    const delay = retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs };
    const paid: PaidCalls = { paidCalls, ...(paidTokens === undefined ? {} : { paidTokens }) };
    const details = paidCalls === 0 ? {} : { details: [paid] };
    return ApplicationFailure.create({ type, message, nonRetryable: !isRetryable(type), ...delay, ...details });
  }
  // Words of libraries and providers stay in the worker's log: history is read by more people than that.
  context.log.error('an activity failed unexpectedly', { error });
  const name = error instanceof Error ? error.name : typeof error;
  return ApplicationFailure.create({
    type: 'Activity.Unexpected',
    message: `unexpected ${name}; the worker's log has it`,
  });
}
