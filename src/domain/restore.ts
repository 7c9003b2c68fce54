/**
 * The request to make an earlier release live again, and its result.
 */
import type { Sender } from './build/sender';

/** A request to make an earlier release live again. */
export interface RestoreTask extends Sender {
  projectId: string;
  number: number;
  restoreId: string;
  reason: string;
  /** ISO 8601. */
  at: string;
}
export interface RestoreResult {
  ok: boolean;
  /** What is live now, or why the restore failed, in words. */
  says: string;
  /** The result of the smoke test; null if none ran. */
  smoke: string | null;
}

/** True if two requests with the same restore id are equal: a repeated request names the same release and reason. */
export function isSameRestoreRequest(
  one: Pick<RestoreTask, 'number' | 'reason'>,
  other: Pick<RestoreTask, 'number' | 'reason'>,
): boolean {
  return one.number === other.number && one.reason === other.reason;
}
