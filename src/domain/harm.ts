/**
 * The facts for gate `harmful_lines` and for the gate on the Release Manager's answer. Plain data.
 */
import type { Approval } from './findings';
import type { Phase } from './roles';

/** The harmful lines of one file. */
export interface HarmOfFile {
  path: string;
  /** `does` completes a sentence: `line 3 runs text as code`. */
  lines: Array<{ line: number; does: string; why: string; text: string }>;
  /** Digest of the artifact that shows the lines. */
  digest: string;
}

/** `notes` are lines that harmless code has just as often. `phase` is the phase in which the gate judges. */
export interface HarmFacts {
  files: HarmOfFile[];
  notes: string[];
  approvals: Approval[];
  phase: Phase;
}

export interface ReleaserFacts {
  go: boolean;
  preChecks: Array<{ check: string; ok: boolean }>;
  rollbackPlan: string;
  releaseNotes: string;
  /** Hosts that only these two texts name, and neither the repository nor the request. */
  foreignHosts: string[];
  /** The text of the request and the plan. */
  promised?: string;
  /** The diff of the commit; absent: not read. */
  diff?: string;
}
