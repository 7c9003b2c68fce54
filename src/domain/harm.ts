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

export interface HarmFacts {
  files: HarmOfFile[];
  /** Lines that are as common in harmless code: reported as notes, they do not stop the build. */
  notes: string[];
  approvals: Approval[];
  /** The phase in which the gate judges. */
  phase: Phase;
}

export interface ReleaserFacts {
  go: boolean;
  preChecks: Array<{ check: string; ok: boolean }>;
  rollbackPlan: string;
  releaseNotes: string;
  /** Hosts in `rollbackPlan` or `releaseNotes` that neither the repository nor the request names. */
  foreignHosts: string[];
  /** The text of the request and the plan. */
  promised?: string;
  /** The diff of the commit; absent if it was not read. */
  diff?: string;
}
