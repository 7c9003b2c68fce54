/**
 * Follows the money of a build's attempt: the key of the call at work, the time of work, and calls whose cost no outcome reported.
 *
 * Does nothing for a build without a budget, so that histories of older builds replay.
 */
import type { Outcome } from '../domain/build/outcome';
import { withUncounted } from '../domain/build/spend';
import { wallClockReached } from '../domain/money/caps';
import type { CapReached } from '../domain/money/budget';
import type { BuildRun } from './handlers';

export interface AttemptMoney {
  /** Called before each call with its key. */
  onCall(call: string): void;
  /** Called after each activity, with its duration. */
  onWorked(ms: number): void;
  /** The cap of the time of work, if it is reached. */
  timeReached(): CapReached | null;
  /** Called with each outcome that asks for a wait: the call is not over. */
  onWait(): void;
  /** Called at the end of the attempt. `isApplied`: the outcome counts; if not, a command made the work void. */
  onEnd(outcome: Outcome | null, isApplied: boolean): void;
}

export function followMoney(run: BuildRun): AttemptMoney {
  let current: string | null = null;
  const noteUncounted = () => void (run.build = withUncounted(run.build, current));
  return {
    onCall: (call) => void (current = call),
    onWorked(ms) {
      const { budget, workedMs = 0 } = run.build;
      if (budget !== undefined) run.build = { ...run.build, workedMs: workedMs + Math.max(0, ms) };
    },
    timeReached: () => wallClockReached(run.build.budget ?? {}, run.build.workedMs ?? 0),
    onWait: noteUncounted,
    onEnd(outcome, isApplied) {
      const isReported = outcome?.kind !== 'failed' || outcome.spend !== undefined;
      if (outcome === null || !isApplied || !isReported) noteUncounted();
    },
  };
}
