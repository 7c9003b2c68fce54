/**
 * Makes the report of a build's current state for the ledger of its project.
 */
import type { BuildReport } from '../project';
import { sumsOf } from '../money/spend-sums';
import { trailCounts } from './archive';
import type { BuildState } from './state';

/** The four kinds of state that the ledger distinguishes. */
function standingOf(build: BuildState): 'open' | 'error' | 'complete' | 'cancelled' {
  if (build.cancelled) return 'cancelled';
  if (build.state === 'complete' || build.state === 'error') return build.state;
  return 'open';
}

/** Equal keys mean equal reports. The key includes past failures, even if the build has recovered from them. */
export function reportKeyOf(build: BuildState): string {
  return JSON.stringify([standingOf(build), build.failures]);
}

export function reportOf(build: BuildState): BuildReport {
  const { buildId, revision: sequence, failures, createdAt, completedAt } = build;
  const common = { buildId, sequence, failures };
  switch (standingOf(build)) {
    case 'open':
      return { ...common, kind: Object.keys(failures).length > 0 ? 'recovered' : 'started' };
    case 'error':
      return { ...common, kind: 'failed' };
    case 'complete':
    case 'cancelled': {
      // The start time is from the API's clock, the end time from Temporal's. Clock skew must not make the duration negative.
      const durationMs = Math.max(0, Date.parse(completedAt ?? createdAt) - Date.parse(createdAt));
      const ended = { ...common, durationMs, handoffs: trailCounts(build).handoffs, ...spendOf(build) };
      return build.cancelled
        ? { ...ended, kind: 'cancelled' }
        : { ...ended, kind: 'completed', released: build.release !== null };
    }
  }
}

/** What an ended build has spent; {} where it paid for no call. */
function spendOf({ spend }: BuildState): Pick<BuildReport, 'spend'> {
  return spend === undefined ? {} : { spend: sumsOf(spend) };
}
