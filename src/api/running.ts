/**
 * What a running activity says of its progress, read from the heartbeat that Temporal keeps; it needs no worker.
 */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Progress } from '../domain/experiments/progress';
import { isObject } from '../domain/json';

/** Null where no activity makes experiments now. */
export function experimentsOf({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): Progress['experiments'] | null {
  for (const { heartbeatDetails } of raw.pendingActivities ?? []) {
    const data = heartbeatDetails?.payloads?.[0]?.data;
    const told = data == null ? undefined : parse(Buffer.from(data).toString());
    if (isProgress(told)) return told.experiments;
  }
  return null;
}

function isProgress(value: unknown): value is Progress {
  if (!isObject(value) || !isObject(value.experiments)) return false;
  const { answered, at_most: most } = value.experiments;
  return Number.isInteger(answered) && Number.isInteger(most);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
