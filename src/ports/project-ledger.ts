/**
 * The activities' access to a project's ledger, and to the builds in Temporal. Types only.
 */
import type { BuildState } from '../domain/build/state';
import type { BuildReport } from '../domain/project';

export interface Ledger {
  /** Sends the reports with a proof that they come from this installation. */
  report(projectId: string, reports: BuildReport[]): Promise<void>;
  /** Tells builds that wait at a cap of their project that they may go on. A build that has ended is left out. */
  wakeBuilds(workflowIds: readonly string[]): Promise<void>;
  /** Asks Temporal to cancel the workflow of a build that the command `cancel` has cancelled, so that both show the same state. */
  requestCancel(workflowId: string): Promise<void>;
}

/** The state of a build's workflow in Temporal. */
export interface WorkflowState {
  run: string;
  isRunning: boolean;
  /** Temporal's status in lower case, such as `terminated`. */
  status: string;
  /** The start of this run, in ISO 8601. A reset begins a new run. */
  startedAt: string;
  /** Null while it runs. */
  closedAt: string | null;
  /** The build's revision, from its memo; null if the memo cannot be read. */
  revision: number | null;
}

/** Reads the builds of a project in Temporal. */
export interface BuildLookup {
  /** Gives the workflow's state in Temporal; null if the server has no workflow of that id. */
  see(workflowId: string): Promise<WorkflowState | null>;
  /** Gives the build's state from its open or closed workflow; null if it cannot be read now. */
  stateOf(workflowId: string, run: string): Promise<BuildState | null>;
  /** Gives the ids of the project's builds, each once, at most `limit`. Builds of a project with a longer name do not count. */
  list(projectId: string, which: { running: boolean; limit: number }): Promise<string[]>;
}
