/**
 * Added lines that can do harm whatever tests say, as the gates are told of them, and what the Release Manager tells operators. Plain data.
 */
import type { Approval } from './findings';
import type { Phase } from './roles';

/** Lines of one file. */
export interface HarmOfFile {
  path: string;
  /** `does` ends a sentence: `line 3 runs text as code`. */
  lines: Array<{ line: number; does: string; why: string; text: string }>;
  /** Of the artifact that shows them. */
  digest: string;
}

/** `notes` are lines that honest code has as often. `phase` is the one that looks. */
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
  /** Hosts that these two texts name, and that nothing else does: neither the repository nor the request. */
  foreignHosts: string[];
  /** The words of the request and the plan. */
  promised?: string;
  /** What the commit changes, as a diff; absent: not looked at. */
  diff?: string;
}
