/**
 * Sends messages to the ledgers of projects in batches, as each signal costs a ledger a workflow task.
 */

/** A message has a few hundred bytes, so this is far below the limit of one payload. */
const MAX_BATCH_SIZE = 200;

type Send<T> = (projectId: string, messages: T[]) => Promise<void>;

/** Sends one batch for a project at a time. Messages that come meanwhile form the next batch, and share its result. */
export function createBatches<T>(send: Send<T>): Send<T> {
  const batches = new Map<string, { waiting: T[]; sending: Promise<void> }>();
  return (projectId, messages) => {
    const current = batches.get(projectId);
    if (
      current !== undefined &&
      current.waiting.length > 0 &&
      current.waiting.length + messages.length <= MAX_BATCH_SIZE
    ) {
      current.waiting.push(...messages);
      return current.sending;
    }
    const waiting = [...messages];
    const previousBatch = current?.sending.catch(() => undefined) ?? Promise.resolve();
    const sending = previousBatch.then(() => send(projectId, waiting.splice(0)));
    const batch = { waiting, sending };
    batches.set(projectId, batch);
    const removeBatch = () => void (batches.get(projectId) === batch && batches.delete(projectId));
    sending.then(removeBatch, removeBatch);
    return sending;
  };
}
