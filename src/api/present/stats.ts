/**
 * A project's ledger as `stats` shows it. Before there are cases the counts, the rate and the average of handoffs are 0;
 * the average duration and the failure point are null.
 */
import type { ProjectStats } from '../../domain/project';
import { presentDuration } from './status';

const NOTHING_YET: ProjectStats = {
  ...{ total: 0, completed: 0, completedWithoutRelease: 0, inProgress: 0, failed: 0, averageDurationMs: null },
  ...{ successRatePercent: 0, mostCommonFailurePoint: null, averageHandoffs: 0 },
};

export function presentStats(projectId: string, stats: ProjectStats | null) {
  const told = stats ?? NOTHING_YET;
  return {
    project_id: projectId,
    total_workflows: told.total,
    completed: told.completed,
    // Ledgers that an older worker still answers for do not count them.
    completed_without_release: told.completedWithoutRelease ?? 0,
    in_progress: told.inProgress,
    failed: told.failed,
    average_duration: told.averageDurationMs === null ? null : presentDuration(told.averageDurationMs),
    success_rate: told.successRatePercent,
    most_common_failure_point: told.mostCommonFailurePoint,
    average_handoffs: told.averageHandoffs,
  };
}
