/**
 * Proves that a worker of this installation sent a message to a project's ledger, since any client of Temporal can send signals.
 */

export interface Proof {
  /** When the message was sent, ISO 8601. */
  sentAt: string;
  proof: string;
}

export interface ReportProofs {
  prove<T extends object>(projectId: string, message: T): Promise<T & Proof>;
  /** Checks a proof. False for another project, another message, or a proof so old that the ledger may have forgotten the build. */
  holds(projectId: string, message: object & Proof): Promise<boolean>;
}
