/**
 * The details of activity failures that the workflow reads. Types only, so that both sides can import them.
 */
import type { ReportedSpend } from '../domain/build/spend';
import type { AttemptSigns } from '../domain/build/stuck';
import type { CapReached } from '../domain/money/budget';

/** Failure detail of an activity for which a budget does not allow the next model call. */
export interface OverBudget {
  capReached: CapReached;
}

/** Failure detail of an attempt that repeated itself. */
export interface MeasuredAttempt {
  measured: AttemptSigns;
}

/** Failure detail of an activity that failed before it called its role's model. */
export interface BeforeWork {
  isBeforeWork: true;
  /** The artifact with the whole message and the last lines of the log. */
  detailsDigest: string;
}

/** Failure detail of an activity whose provider asks for a wait that is too long for an activity retry. */
export interface LongWait {
  /** ISO 8601. */
  waitUntil: string;
}

/** Failure detail of an activity that lost answers which were paid for. */
export interface PaidCalls {
  paidCalls: number;
  /** The tokens of these calls; null or absent where they are not known. */
  paidTokens?: { inputTokens: number | null; outputTokens: number | null };
  /** What the call has cost, and the costs of earlier calls that were found. Absent where nothing was reserved. */
  spend?: ReportedSpend;
}
