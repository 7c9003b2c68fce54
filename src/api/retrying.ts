/**
 * What an activity of a build is doing that failed and is tried again: read from Temporal's own account, which needs no worker.
 *
 * The workflow hears nothing before the last try, so neither its state nor its memo can say it.
 */
import type { PendingActivity as Pending } from './decode-pending';

export interface Retrying {
  activity: string;
  /** The try that is running or waited for; the first is 1. */
  attempt: number;
  last_failure: { type: string; message: string } | null;
  /** ISO 8601; null while the try is running. */
  next_try_at: string | null;
}

type TimeStamp = Pending['nextAttemptScheduleTime'];

const MESSAGE_LIMIT_CHARS = 500;

/** The activity that was tried most often; null where none is tried again. */
export function retryingOf(pending: readonly Pending[]): Retrying | null {
  const again = pending.filter(({ attempt }) => (attempt ?? 1) > 1);
  const [most] = again.sort((a, b) => (b.attempt ?? 0) - (a.attempt ?? 0));
  if (most === undefined) return null;
  return {
    activity: most.activityType?.name ?? 'unknown',
    attempt: most.attempt ?? 1,
    last_failure: failureOf(most),
    next_try_at: isoOf(most.nextAttemptScheduleTime),
  };
}

function failureOf({ lastFailure }: Pending): Retrying['last_failure'] {
  if (lastFailure == null) return null;
  const isOurs = lastFailure.applicationFailureInfo != null;
  const type = isOurs ? (lastFailure.applicationFailureInfo?.type ?? '') : 'Activity.TimedOut';
  const message = isOurs ? (lastFailure.message ?? '') : 'the worker that was at it was not heard of any more';
  return { type: type || 'Activity.Failed', message: message.slice(0, MESSAGE_LIMIT_CHARS) };
}

function isoOf(time: TimeStamp): string | null {
  if (time == null) return null;
  const at = Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1_000_000);
  return at > Date.now() ? new Date(at).toISOString() : null;
}
