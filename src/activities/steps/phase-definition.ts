/**
 * What each phase defines of its role's conversation: the commit, the first message, the files that it may write, and what a final
 * output means. Types only.
 */
import type { z } from 'zod';
import type { Outcome } from '../../domain/build/outcome';
import type { Phase } from '../../domain/roles';
import type { ProjectOverrides } from '../../ports/checkouts';
import type { TreeAt } from '../../ports/workspace';
import type { OUTPUT_SCHEMAS } from '../outputs';
import type { FirstMessage } from '../role-context';
import type { ToolContext } from '../tools';
import type { Conversation } from './conversation';

/** The part of a role's conversation that each phase defines. */
export interface PhaseDefinition<P extends Phase> {
  /** The commit that the role reads and changes. */
  at: TreeAt;
  /** The build's base commit. */
  base: string;
  /** True if the outcome of this phase sets the build's base commit. */
  setsBase: boolean;
  overrides: ProjectOverrides;
  /** Gives the rule that refuses paths which the role must not change. */
  mayWrite?: (conversation: Conversation) => ToolContext['mayWrite'];
  /** Gives the files that the first message shows whole. */
  seen?: (conversation: Conversation) => ToolContext['seen'];
  /** Gives the first message; or an outcome, where the phase ends without a model call. */
  open(): Promise<Opening>;
  /** Gives the phase's outcome; or, where `mayReject` is true, the reasons for which the role must answer again. */
  finish(answer: Answer<P>): Promise<Outcome | Rejected>;
}
export type Opening =
  | (FirstMessage & {
      /** JSON that took long to measure: stored before the model call. */
      prepared?: unknown;
      /** The commit that the role works on, if it differs from the one at which the phase began. */
      commit?: string | null;
    })
  | { outcome: Outcome };
export interface Answer<P extends Phase> {
  output: z.infer<(typeof OUTPUT_SCHEMAS)[P]>;
  by: string;
  usage: Outcome['usage'];
  /** The draft commit with all changes of the role. */
  tree: string;
  conversation: Conversation;
  /** True where the role can still be asked for a better answer. */
  mayReject: boolean;
  /** True for the answer of a script, which gives the same answer again. */
  isScripted: boolean;
}
export interface Rejected {
  kind: 'rejected';
  /** One sentence each, for the role. */
  reasons: string[];
  /** The commit that was published before the answer was rejected. The role continues from this commit. */
  published?: string;
}
