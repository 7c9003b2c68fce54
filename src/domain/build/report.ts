/**
 * Makes the report of a build's current state for the ledger of its project.
 */
import type { BuildReport } from '../project';
import { sumsOf } from '../money/spend-sums';
import { moneyReportOf } from './grant';
import { trailCounts } from './archive';
import type { BuildState } from './state';

/** The four kinds of state that the ledger distinguishes. */
function standingOf(build: BuildState): 'open' | 'error' | 'complete' | 'cancelled' {
  if (build.cancelled) return 'cancelled';
  if (build.state === 'complete' || build.state === 'error') return build.state;
  return 'open';
}

/**
 * Equal keys mean equal reports. The key includes past failures, even if the build has recovered from them. What a working build
 * has spent is not in it: the ledger learns that when the build asks for more, waits or ends.
 */
export function reportKeyOf(build: BuildState): string {
  const { grant } = build;
  const { waitsFor } = moneyReportOf(build);
  return JSON.stringify([standingOf(build), build.failures, ...(grant === undefined ? [] : [grant.epoch, waitsFor])]);
}

export function reportOf(build: BuildState): BuildReport {
  const { buildId, revision: sequence, failures, createdAt, completedAt } = build;
  const common = { buildId, sequence, failures, ...moneyReportOf(build) };
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
