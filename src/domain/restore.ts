/**
 * An earlier release made live again: the order, and what came of it.
 */
/** An earlier release that is to be live again. */
export interface RestoreTask {
  projectId: string;
  number: number;
  restoreId: string;
  reason: string;
  actor: string;
  /** ISO 8601. */
  at: string;
}
export interface Restored {
  ok: boolean;
  /** What is live now, or what stood in the way, in words. */
  says: string;
  /** Null where it was not made. */
  smoke: string | null;
}
