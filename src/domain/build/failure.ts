/**
 * Why a build waits in `error`.
 */
import type { FailureType } from '../failures';
import type { Phase } from '../roles';

export interface BuildFailure {
  type: FailureType;
  message: string;
  /** The phase that a retry does again. */
  phase: Phase;
  /** Where the build goes on once every open finding is approved. Absent where no finding holds it. */
  continuesWith?: Phase;
  /** The furthest phase reached when it failed: a rollback may lead to it or before it. */
  reached: Phase;
  at: string;
  /** The phase had not begun: nothing was asked of a role, so no attempt is counted and no role has to answer to it. */
  isBeforeWork?: true;
  /** Artifact: the whole message, where it is longer than a state should carry. */
  detailsDigest?: string | undefined;
}
