/**
 * Proofs that a report to a project's ledger was made by a worker of this installation: Temporal takes signals from anybody.
 */
import type { BuildReport, ProvenReport } from '../domain/project';

export interface ReportProofs {
  prove(projectId: string, report: BuildReport): Promise<ProvenReport>;
  /** False for a proof of another project, of other words, or of so long ago that the ledger may have forgotten the build. */
  holds(projectId: string, report: ProvenReport): Promise<boolean>;
}
