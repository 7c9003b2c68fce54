/**
 * The outcome of one attempt at a phase, which an activity returns and `outcomes` applies. Types only.
 */
import type { Evidence } from '../evidence/evidence';
import type { Locked } from '../evidence/tampering';
import type { FailureType } from '../failures';
import type { GateFindings } from '../findings';
import type { SurveyRef } from '../repository-report';
import type { Assumption, Question } from '../people/questions';
import type { LiveRelease } from './live-release';
import type { StepAt } from './budget-gate';
import type { CapReached } from '../money/budget';
import type { Forecast } from '../money/forecast';
import type { ReportedSpend } from './spend';
import type { AttemptSigns } from './stuck';
import type { UsedTokens } from './usage';

/** The result that an activity returns for one attempt at a phase. */
export type Outcome = {
  usage: UsedTokens;
  /** What the activity's call has cost, and the costs of earlier calls that it found. Absent where nothing was reserved. */
  spend?: ReportedSpend;
  /** The repository report, if this activity has made it. */
  survey?: SurveyRef;
  /** What was measured of an attempt of a build with `stuckAfter`. Absent in steps before the last one. */
  measured?: AttemptSigns;
  /** How many of the oldest notes of people the step gave to its role. Absent: none. */
  notesGiven?: number;
} & (
  | Worked
  /**
   * The role needs another step. `transcript` is a digest, `tree` a commit that no branch points to. `base` is the commit that
   * the branch began at, or null if the phase does not use one. `isPrepared`: the role was not called yet.
   */
  | { kind: 'step'; transcript: string; tree: string; base: string | null; isPrepared?: true }
  /** Every provider of the role asks for a long wait, so the workflow waits. `until` is ISO 8601. */
  | { kind: 'wait'; until: string; because: string; type?: FailureType }
  /** The wait is over. */
  | { kind: 'waited' }
  /**
   * The role asks a person. `output`: what it has so far, if it begins again with the answers. `suspended`: the attempt goes on with
   * the answers; `base` is then as in a step.
   */
  | {
      kind: 'ask';
      by: string;
      questions: Question[];
      output?: StoredContent;
      suspended?: Omit<StepAt, 'turn'> & { base: string | null };
    }
  /** A budget does not allow the call of this step. `transcript` and `tree`: as in the step's task. */
  | { kind: 'over_budget'; reached: CapReached; step: number; transcript: string | null; tree: string | null }
  /** `isBeforeWork`: the role had not been called yet. `isRungSpent`: the attempt used up what the rung of a stuck build may cost. */
  | {
      kind: 'failed';
      type: FailureType;
      message: string;
      isBeforeWork?: true;
      detailsDigest?: string | undefined;
      isRungSpent?: true;
    }
);
export interface Worked {
  kind: 'worked';
  /** The model that answered, e.g. `scripted:dark-mode`. */
  by: string;
  output: StoredContent;
  base?: string;
  commit?: string;
  evidence?: Evidence | null;
  /** The new locked tests; absent: they stay unchanged. */
  locked?: Locked | null;
  release?: LiveRelease;
  /** Reasons against advancing. A role can add reasons but not remove any. */
  objections: string[];
  /** Findings that a person may approve. Absent in outcomes of workers before findings were stored (commit 0956107). */
  findings?: GateFindings;
  /** The Code Writer was sent back and left the commit unchanged. Absent: the commit changed, or the worker is older than this member. */
  isUnchanged?: true;
  /** Every objection is the role's own mistake, which no other role can correct. Absent: another role can correct at least one. */
  isOwnFault?: true;
  /** The optional questions of the role that nobody has answered. Absent: none, and from older workers. */
  assumptions?: Assumption[];
  /** One line for the handoff record. */
  notes: string;
  /** What the build is expected to cost; only of planning, in a build with a budget. */
  forecast?: Forecast;
}

export type StoredContent = { digest: string; bytes: number };
