/**
 * Reads the activity of a build that failed and is retried, from Temporal's description of the workflow, which needs no worker.
 *
 * The workflow is told only after the last try, so neither its state nor its memo has this.
 */
import type { PendingActivity as Pending } from './decode-pending';

export interface Retrying {
  activity: string;
  /** The number of the running or next try; the first is 1. */
  attempt: number;
  last_failure: { type: string; message: string } | null;
  /** ISO 8601; null while the try is running. */
  next_try_at: string | null;
}

type TimeStamp = Pending['nextAttemptScheduleTime'];

const MESSAGE_LIMIT_CHARS = 500;

/** Gives the activity with the most tries; null if none is retried. */
export function retryingOf(pending: readonly Pending[]): Retrying | null {
  const retried = pending.filter(({ attempt }) => (attempt ?? 1) > 1);
  const [mostTried] = retried.sort((a, b) => (b.attempt ?? 0) - (a.attempt ?? 0));
  if (mostTried === undefined) return null;
  return {
    activity: mostTried.activityType?.name ?? 'unknown',
    attempt: mostTried.attempt ?? 1,
    last_failure: failureOf(mostTried),
    next_try_at: futureIsoOf(mostTried.nextAttemptScheduleTime),
  };
}

function failureOf({ lastFailure }: Pending): Retrying['last_failure'] {
  if (lastFailure == null) return null;
  const isThrown = lastFailure.applicationFailureInfo != null;
  const type = isThrown ? (lastFailure.applicationFailureInfo?.type ?? '') : 'Activity.TimedOut';
  const message = isThrown ? (lastFailure.message ?? '') : 'the worker that ran the activity sent no more heartbeats';
  return { type: type || 'Activity.Failed', message: message.slice(0, MESSAGE_LIMIT_CHARS) };
}

function futureIsoOf(time: TimeStamp): string | null {
  if (time == null) return null;
  const at = Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1_000_000);
  return at > Date.now() ? new Date(at).toISOString() : null;
}
