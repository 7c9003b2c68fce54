/**
 * Proves that a worker of this installation made a report to a project's ledger, since any client of Temporal can send signals.
 */
import type { BuildReport, ProvenReport } from '../domain/project';

export interface ReportProofs {
  prove(projectId: string, report: BuildReport): Promise<ProvenReport>;
  /** Checks a proof. False for another project, another report, or a proof so old that the ledger may have forgotten the build. */
  holds(projectId: string, report: ProvenReport): Promise<boolean>;
}
