/**
 * What a running activity says of itself, read from the heartbeat that Temporal keeps; it needs no worker.
 */
import type { PendingActivity as Pending } from './decode-pending';
import { isObject } from '../domain/json';
import type { JsonObject } from '../domain/json';
import type { Progress, StepProgress } from '../domain/progress';

/** What a role does now, by the wire names of `status`. */
export interface Doing extends Omit<StepProgress, 'number'> {
  /** Place of the model call in the attempt, from 1. */
  step: number;
}
export interface Running {
  /** How far the experiments of the running activity are; null where none are made. */
  experiments: NonNullable<Progress['experiments']> | null;
  /** Null where no role with a model is at work now, and between two tries. */
  doing: Doing | null;
}

/** PENDING_ACTIVITY_STATE_SCHEDULED: it waits for a worker, and its heartbeat is that of the try before. */
const SCHEDULED = 1;

export function runningOf(pending: readonly Pending[]): Running {
  const all = pending.map((one) => ({ one, told: toldBy(one) }));
  const [experiments = null] = all.flatMap(({ told }) => readExperiments(told.experiments) ?? []);
  const [doing = null] = all.flatMap(({ one, told }) => (one.state === SCHEDULED ? [] : (readStep(told.step) ?? [])));
  return { experiments, doing };
}

function toldBy({ heartbeatDetails }: Pending): JsonObject {
  const data = heartbeatDetails?.payloads?.[0]?.data;
  const told = data == null ? undefined : parse(Buffer.from(data).toString());
  return isObject(told) ? told : {};
}

function readExperiments(value: unknown): Running['experiments'] {
  if (!isObject(value)) return null;
  const { answered, at_most: most } = value;
  return isCount(answered) && isCount(most) ? { answered, at_most: most } : null;
}

/** A worker of another release may say less: what it does not say is null. */
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
