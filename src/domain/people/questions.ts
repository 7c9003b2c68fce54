/**
 * Questions of roles to people, their answers, and what is assumed where nobody answers an optional one. Pure.
 */
import type { Phase } from '../roles';

/** A question that a role has asked. The optional members are absent in builds from before questions were answered one by one. */
export interface Question {
  id: string;
  text: string;
  /** True: the round may end without an answer; then `assumption` holds. */
  optional?: true;
  assumption?: string;
  /** The model or role that asked. */
  askedBy?: string;
  phase?: Phase;
}

/** What a role takes as true because nobody has answered an optional question. */
export interface Assumption {
  id: string;
  text: string;
  assumption: string;
  phase: Phase;
}
