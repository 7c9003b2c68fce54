/**
 * Presents the stats of a project's ledger. Without builds the counts, the rate and the average of handoffs are 0; the average
 * duration and the failure point are null.
 */
import type { ProjectStats } from '../../domain/project';
import { presentDuration } from './status';

const NO_BUILDS: ProjectStats = {
  ...{ total: 0, completed: 0, completedWithoutRelease: 0, inProgress: 0, failed: 0, averageDurationMs: null },
  ...{ successRatePercent: 0, mostCommonFailurePoint: null, averageHandoffs: 0 },
};

export function presentStats(projectId: string, stats: ProjectStats | null) {
  const counted = stats ?? NO_BUILDS;
  return {
    project_id: projectId,
    total_workflows: counted.total,
    completed: counted.completed,
    // Absent in answers of an older worker.
    completed_without_release: counted.completedWithoutRelease ?? 0,
    in_progress: counted.inProgress,
    failed: counted.failed,
    average_duration: counted.averageDurationMs === null ? null : presentDuration(counted.averageDurationMs),
    success_rate: counted.successRatePercent,
    most_common_failure_point: counted.mostCommonFailurePoint,
    average_handoffs: counted.averageHandoffs,
  };
}
