/**
 * What a build tells its project's ledger: how it stands now.
 */
import type { BuildState } from '../domain/build';
import type { BuildReport } from '../domain/project';

/** What the ledger distinguishes; a report is due when it changes. */
export function standingOf(build: BuildState): 'open' | 'error' | 'complete' | 'cancelled' {
  if (build.cancelled) return 'cancelled';
  if (build.state === 'complete' || build.state === 'error') return build.state;
  return 'open';
}

export function reportOf(build: BuildState): BuildReport {
  const { buildId, revision: sequence, createdAt, completedAt } = build;
  switch (standingOf(build)) {
    case 'open':
      return {
        buildId,
        sequence,
        kind: build.handoffs.some((handoff) => handoff.fromState === 'error') ? 'recovered' : 'started',
      };
    case 'error':
      return { buildId, sequence, kind: 'failed', ...(build.failure === null ? {} : { phase: build.failure.phase }) };
    case 'complete':
    case 'cancelled': {
      const durationMs = Date.parse(completedAt ?? createdAt) - Date.parse(createdAt);
      const kind = build.cancelled ? 'cancelled' : 'completed';
      return { buildId, sequence, kind, durationMs, handoffs: build.handoffs.length };
    }
  }
}
