/**
 * Updates to one build, so many at a time and in the order they came.
 *
 * Temporal holds ten updates of a workflow at once and turns the others away; the client then tries each again after a pause, so
 * that a crowd took the square of its number. Here they wait in line instead, and go out as soon as one is answered.
 */
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { LimitFunction } from 'p-limit';

/** Below Temporal's own limit (`history.maxInFlightUpdates`), with room for those who come by other ways. */
const AT_ONCE = 6;

const LINES = new WeakMap<Client, Map<string, LimitFunction>>();

export async function inLine<T>(client: Client, workflowId: string, send: () => Promise<T>): Promise<T> {
  const lines = LINES.get(client) ?? new Map<string, LimitFunction>();
  LINES.set(client, lines);
  const line = lines.get(workflowId) ?? pLimit(AT_ONCE);
  lines.set(workflowId, line);
  try {
    return await line(send);
  } finally {
    if (line.activeCount + line.pendingCount === 0) lines.delete(workflowId);
  }
}
