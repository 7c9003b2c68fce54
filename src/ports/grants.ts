/**
 * The grants of a project: how much of the project's money a build may spend. Types only.
 *
 * The project's ledger is the one authority, so that builds of one project cannot overspend together.
 */
import type { Amounts } from '../domain/money/amounts';
import type { CapReached } from '../domain/money/budget';

export interface GrantRequest {
  projectId: string;
  buildId: string;
  /** The number of times that the build has waited: a grant of an earlier epoch is void, since its unused part was given back. */
  epoch: number;
  /** What the build has spent and reserved so far. */
  spent: Amounts;
  /** The total that the build must be allowed to spend for its next call. */
  needed: Amounts;
  /** The workflow run of the build; filled in by the activities. */
  run?: string;
  signal: AbortSignal;
}

/** `granted`: the total that the build may spend in this epoch. */
export type Grant = { granted: Amounts } | { refused: CapReached };

export interface Grants {
  /**
   * Gives the build's grant, and asks the project's ledger for more if the present one is less than `needed`. Throws Failure
   * `Ledger.Unavailable`, which is retried, if the ledger does not answer in time.
   */
  ensure(request: GrantRequest): Promise<Grant>;
}
