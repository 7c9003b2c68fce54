/**
 * An earlier release made live again: the order, and what came of it.
 */
import type { Sender } from './build/sender';

/** An earlier release that is to be live again. */
export interface RestoreTask extends Sender {
  projectId: string;
  number: number;
  restoreId: string;
  reason: string;
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

/** Two orders under one id: a repeated one asks for the same release with the same reason. */
export function isSameOrder(
  one: Pick<RestoreTask, 'number' | 'reason'>,
  other: Pick<RestoreTask, 'number' | 'reason'>,
): boolean {
  return one.number === other.number && one.reason === other.reason;
}
