/**
 * Presents the stats of a project's ledger. Without builds the counts, the rate and the average of handoffs are 0; the average
 * duration and the failure point are null.
 */
import type { ProjectStats } from '../../domain/project';
import { NO_SUMS } from '../../domain/money/spend-sums';
import { presentSums } from './money';
import { presentDuration } from './status';

const NO_BUILDS: ProjectStats = {
  ...{ total: 0, completed: 0, completedWithoutRelease: 0, inProgress: 0, failed: 0, averageDurationMs: null },
  ...{ successRatePercent: 0, mostCommonFailurePoint: null, averageHandoffs: 0 },
};

export function presentStats(projectId: string, stats: ProjectStats | null) {
  const projectStats = stats ?? NO_BUILDS;
  return {
    project_id: projectId,
    total_workflows: projectStats.total,
    completed: projectStats.completed,
    // Absent in answers of an older worker.
    completed_without_release: projectStats.completedWithoutRelease ?? 0,
    in_progress: projectStats.inProgress,
    failed: projectStats.failed,
    average_duration: projectStats.averageDurationMs === null ? null : presentDuration(projectStats.averageDurationMs),
    success_rate: projectStats.successRatePercent,
    most_common_failure_point: projectStats.mostCommonFailurePoint,
    average_handoffs: projectStats.averageHandoffs,
    spend_of_ended_builds: presentSums(projectStats.spend ?? NO_SUMS),
  };
}
