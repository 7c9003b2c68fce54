/**
 * The experiments' summary in the evidence. It is small, since it travels with the build; the full report is an artifact.
 */
import type { ExperimentFinding } from './judge';

export interface Experiments {
  /** Digest of the full report in the artifact store: each run, what was broken, what was observed. */
  reportDigest: string;
  /** Number of test runs made, and their total duration in seconds. */
  runs: number;
  seconds: number;
  units: { found: number; asked: number; noticed: number };
  /** Share of the tried units that were noticed, in percent; null if none was tried. */
  sharePercent: number | null;
  /** New and changed tests: how many ran with a changed expectation, and how many failed with it. */
  tests: { asked: number; red: number };
  /** At most 20; `digest` names the artifact that a person reads. */
  findings: Array<ExperimentFinding & { digest: string }>;
  /** What was not tried, cut or not measured; at most 12 notes. */
  notes: string[];
}

export const FINDINGS_LIMIT = 20;
export const NOTES_LIMIT = 12;

/** The text that a person reads before deciding. Its digest depends on the file's text, but not on which breaks of a function were tried. */
export function findingText({ kind, path, line, says, claim }: ExperimentFinding, file: string): string {
  const what = claim === undefined ? `${path}:${line}\n${says}` : `${path}\n${claim}`;
  return `${kind}\n${what}\n\n--- ${path}\n${file}`;
}
