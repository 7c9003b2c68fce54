/**
 * The breaker of a provider: after some failures in a row, the provider is not called for a while; then one call tries it (the probe).
 *
 * Its state is in memory and shared by all models of the provider in this process. A new process begins with a closed breaker.
 */
import type { Failure, FailureType } from '../../domain/failures';

export interface BreakerOptions {
  /** Failures in a row, of all calls of this process to the provider, that open the breaker. */
  failures: number;
  /** How long the breaker is open for the first time. Each failed probe doubles the time, up to `MAX_OPEN_MS`. */
  openMs: number;
}

/** The longest time without a probe. */
export const MAX_OPEN_MS = 600_000;

/** `closed`: call the provider, and report the end of the call. `open`: do not call it before `until` (milliseconds of the clock). */
export type Admission =
  { kind: 'closed'; end(result: CallEnd): void } | { kind: 'open'; until: number; failures: number };
/** `undecided`: the caller gave the call up, so it says nothing about the provider. */
export type CallEnd = 'answered' | 'failed' | 'undecided';

export interface Breaker {
  enter(): Admission;
}

/** Failures that say that the provider cannot answer anyone. A refusal, such as a 429, is an answer of a provider that works. */
const OUTAGES: readonly FailureType[] = ['Model.Unavailable', 'Model.Timeout', 'Model.NotAnAnswer'];

/** A paid failure is an answer that had begun: it is the fault of one answer, and the number of such answers is limited elsewhere. */
export function endOf(failure: Failure | undefined): CallEnd {
  // The request was not sent, since nothing of the budget is left for it.
  if (failure?.type === 'Budget.Reached') return 'undecided';
  return failure !== undefined && OUTAGES.includes(failure.type) && failure.isPaid !== true ? 'failed' : 'answered';
}

/** `now`: milliseconds. */
export function createBreaker({ failures: limit, openMs }: BreakerOptions, now: () => number = Date.now): Breaker {
  let failures = 0;
  /** The end of the open time; null while the breaker is closed. */
  let openUntil: number | null = null;
  let nextOpenMs = openMs;
  let isProbing = false;

  function end(result: CallEnd): void {
    if (result === 'undecided') return;
    if (result === 'answered') {
      failures = 0;
      openUntil = null;
      nextOpenMs = openMs;
      return;
    }
    failures += 1;
    if (failures >= limit && openUntil === null) open();
  }

  function open(): void {
    openUntil = now() + nextOpenMs;
    nextOpenMs = Math.min(MAX_OPEN_MS, nextOpenMs * 2);
  }

  function endProbe(result: CallEnd): void {
    isProbing = false;
    end(result);
    if (result === 'failed') open();
  }

  return {
    enter() {
      if (openUntil === null) return { kind: 'closed', end: once(end) };
      // While the probe runs, the others wait as long as they would if it failed.
      if (now() < openUntil || isProbing)
        return { kind: 'open', until: Math.max(openUntil, isProbing ? now() + openMs : 0), failures };
      isProbing = true;
      return { kind: 'closed', end: once(endProbe) };
    },
  };
}

/** Calls of several builds end in any order, and each counts once. */
function once(report: (result: CallEnd) => void): (result: CallEnd) => void {
  let isReported = false;
  return (result) => {
    if (isReported) return;
    isReported = true;
    report(result);
  };
}
