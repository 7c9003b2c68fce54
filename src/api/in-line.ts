/**
 * Updates to one build, so many at a time and in the order they came.
 *
 * Temporal holds ten updates of a workflow at once and turns the others away; the client then tries each again after a pause, so
 * that a crowd took the square of its number. Here they wait in line instead, and go out as soon as one is answered.
 */
import type { Client } from '@temporalio/client';

/** Below Temporal's own limit (`history.maxInFlightUpdates`), with room for those who come by other ways. */
const AT_ONCE = 6;

interface Line {
  underWay: number;
  waiting: Array<() => void>;
}
const LINES = new WeakMap<Client, Map<string, Line>>();

export async function inLine<T>(client: Client, workflowId: string, send: () => Promise<T>): Promise<T> {
  const lines = LINES.get(client) ?? new Map<string, Line>();
  LINES.set(client, lines);
  const line = lines.get(workflowId) ?? { underWay: 0, waiting: [] };
  lines.set(workflowId, line);
  if (line.underWay >= AT_ONCE) await new Promise<void>((resolve) => line.waiting.push(resolve));
  else line.underWay += 1;
  try {
    return await send();
  } finally {
    const next = line.waiting.shift();
    // The place goes to the next one in line, so that nobody who comes later takes it.
    if (next !== undefined) next();
    else if ((line.underWay -= 1) === 0) lines.delete(workflowId);
  }
}
