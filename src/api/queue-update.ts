/**
 * Queues the updates to one build: at most six are sent at a time, in the order in which they came.
 *
 * Temporal takes ten updates of a workflow at once and refuses the others; the client retries each refused one after a pause. Without
 * this queue, the total time grows with the square of their number. A queued update is sent as soon as an earlier one is answered.
 */
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { LimitFunction } from 'p-limit';

/** Below Temporal's own limit (`history.maxInFlightUpdates`), with room for updates that do not come through this API. */
const MAX_UPDATES = 6;

const QUEUES = new WeakMap<Client, Map<string, LimitFunction>>();

export async function queueUpdate<T>(client: Client, workflowId: string, send: () => Promise<T>): Promise<T> {
  const queues = QUEUES.get(client) ?? new Map<string, LimitFunction>();
  QUEUES.set(client, queues);
  const queue = queues.get(workflowId) ?? pLimit(MAX_UPDATES);
  queues.set(workflowId, queue);
  try {
    return await queue(send);
  } finally {
    if (queue.activeCount + queue.pendingCount === 0) queues.delete(workflowId);
  }
}
