/**
 * The failure of a build: why it waits in `error`, and which phases a retry or a rollback may lead to.
 */
import type { FailureType } from '../failures';
import type { Phase } from '../roles';

export interface BuildFailure {
  type: FailureType;
  message: string;
  /** The phase that a retry repeats. */
  phase: Phase;
  /** The phase in which the build continues once every open finding is approved. Absent if no finding stopped it. */
  continuesWith?: Phase;
  /** The latest phase that the build had reached: a rollback may lead to it or to an earlier one. */
  reached: Phase;
  at: string;
  /** The phase had not begun and the role was not called, so the attempt is not counted and the role gets no feedback about it. */
  isBeforeWork?: true;
  /** Digest of the artifact with the whole message. Absent if the message fits into the state. */
  detailsDigest?: string | undefined;
}
