/**
 * The part of the contract between workflows and activities that concerns the grants of a project's money. Types only.
 */
import type { GrantAnswer } from '../domain/money/grants';
import type { ProvenAsk } from '../domain/money/input';
import type { GrantCaps } from '../domain/money/room';
import type { BuildReport } from '../domain/project';

/** Messages to a ledger whose proofs are to be checked. */
export interface MoneyMail {
  projectId: string;
  reports: BuildReport[];
  asks: ProvenAsk[];
}
/** True or false for each message, in their order; and the caps that hold now. */
export interface ProvenMail {
  areReportsProven: boolean[];
  areAsksProven: boolean[];
  caps: GrantCaps;
}
/** What a ledger has decided. Void grants are written before others get what came back. */
export interface GrantWrite {
  projectId: string;
  voided: GrantAnswer[];
  granted: GrantAnswer[];
  /** The builds that wait for their grant. */
  woken: string[];
  /** ISO 8601. */
  at: string;
}

export interface GrantActivities {
  /** Checks the proofs of reports and asks, and reads the caps of the project. */
  proveMoney(mail: MoneyMail): Promise<ProvenMail>;
  /** Writes the documents in which activities find their grants, and wakes builds that wait for one. */
  writeGrants(write: GrantWrite): Promise<void>;
}
