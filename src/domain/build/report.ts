/**
 * The report that a build sends to its project's ledger: its state now.
 */
import type { BuildReport } from '../project';
import { trailCounts } from './archive';
import type { BuildState } from './state';

/** The states that the ledger tells apart. */
function standingOf(build: BuildState): 'open' | 'error' | 'complete' | 'cancelled' {
  if (build.cancelled) return 'cancelled';
  if (build.state === 'complete' || build.state === 'error') return build.state;
  return 'open';
}

/** Two builds with the same key have the same report. A failure is part of it, even where the build has recovered since. */
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
      // Begun by the clock of the API, ended by Temporal's: one may be behind the other, and no report is lost for it.
      const durationMs = Math.max(0, Date.parse(completedAt ?? createdAt) - Date.parse(createdAt));
      const ended = { ...common, durationMs, handoffs: trailCounts(build).handoffs };
      return build.cancelled
        ? { ...ended, kind: 'cancelled' }
        : { ...ended, kind: 'completed', released: build.release !== null };
    }
  }
}
