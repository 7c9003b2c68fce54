/**
 * Reads the progress of a running activity from its last heartbeat, which Temporal keeps; this needs no worker.
 */
import type { PendingActivity as Pending } from './decode-pending';
import { isObject } from '../domain/json';
import type { JsonObject } from '../domain/json';
import type { Progress, StepProgress } from '../domain/progress';

/** The current step of a role, under the wire names of `status`. */
export interface Doing extends Omit<StepProgress, 'number'> {
  /** The number of the model call in the attempt, from 1. */
  step: number;
}
export interface Running {
  /** The progress of the running experiments; null if there are none. */
  experiments: NonNullable<Progress['experiments']> | null;
  /** Null if no role with a model works now, and between two tries. */
  doing: Doing | null;
}

/** PENDING_ACTIVITY_STATE_SCHEDULED: the activity waits for a worker, and its heartbeat is that of the previous try. */
const SCHEDULED = 1;

export function runningOf(pending: readonly Pending[]): Running {
  const activities = pending.map((activity) => ({ activity, progress: progressOf(activity) }));
  const [experiments = null] = activities.flatMap(({ progress }) => readExperiments(progress.experiments) ?? []);
  const [doing = null] = activities.flatMap(({ activity, progress }) =>
    activity.state === SCHEDULED ? [] : (readStep(progress.step) ?? []),
  );
  return { experiments, doing };
}

function progressOf({ heartbeatDetails }: Pending): JsonObject {
  const data = heartbeatDetails?.payloads?.[0]?.data;
  const details = data == null ? undefined : parseJson(Buffer.from(data).toString());
  return isObject(details) ? details : {};
}

function readExperiments(value: unknown): Running['experiments'] {
  if (!isObject(value)) return null;
  const { answered, at_most: atMost } = value;
  return isCount(answered) && isCount(atMost) ? { answered, at_most: atMost } : null;
}

/** Members that a worker of an older version does not report are null. */
function readStep(value: unknown): Doing | null {
  if (!isObject(value) || !isCount(value.number) || typeof value.since !== 'string') return null;
  const { number, since, tool, path, model, calls } = value;
  return {
    ...{ step: number, tool: textOrNull(tool), path: textOrNull(path), model: textOrNull(model) },
    ...{ calls: isCount(calls) ? calls : 0 },
    ...{ input_tokens: countOrNull(value.input_tokens), output_tokens: countOrNull(value.output_tokens) },
    since,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function countOrNull(value: unknown): number | null {
  return isCount(value) ? value : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
