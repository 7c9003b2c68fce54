/**
 * The project's ledger, as the activities reach it.
 */
import type { BuildReport } from '../domain/project';

/** Speaks to the project's ledger and about a build, on the server. */
export interface Ledger {
  report(projectId: string, reports: BuildReport[]): Promise<void>;
  /** Asks Temporal to cancel a build that its own command has cancelled, so that both show the same. */
  requestCancel(workflowId: string): Promise<void>;
}
