/**
 * The project's ledger, as the activities reach it, and the builds as Temporal has them.
 */
import type { BuildState } from '../domain/build/state';
import type { BuildReport } from '../domain/project';

/** Speaks to the project's ledger and about a build, on the server. */
export interface Ledger {
  /** With a proof that the reports are of this installation. */
  report(projectId: string, reports: BuildReport[]): Promise<void>;
  /** Asks Temporal to cancel a build that its own command has cancelled, so that both show the same. */
  requestCancel(workflowId: string): Promise<void>;
}

/** How the workflow of a build stands on the server, whatever its own words are. */
export interface SeenBuild {
  run: string;
  isRunning: boolean;
  /** Temporal's word for it in lower case, such as `terminated`. */
  status: string;
  /** ISO 8601; of this run. A reset begins a new one. */
  startedAt: string;
  /** Null while it runs. */
  closedAt: string | null;
  /** Of the card in its memo; null where none can be read. */
  revision: number | null;
}

/** The builds of a project on the server. */
export interface BuildsThere {
  /** Null where the server has no build of that id. */
  see(workflowId: string): Promise<SeenBuild | null>;
  /** The state that the workflow holds, also of a closed one. Null where it cannot be had now. */
  stateOf(workflowId: string, run: string): Promise<BuildState | null>;
  /** Ids of the builds of the project, without those of the other project whose name begins alike; each once, at most `limit`. */
  list(projectId: string, which: { running: boolean; limit: number }): Promise<string[]>;
}
