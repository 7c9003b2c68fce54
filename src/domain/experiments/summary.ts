/**
 * What evidence keeps of experiments: bounded, since it travels with the build; the whole report is an artifact.
 */
import type { ExperimentFinding } from './judge';

export interface Experiments {
  /** The whole report in the artifact store: every run, what was broken, what was seen. */
  reportDigest: string;
  /** Runs of the tests that were made for them, and how long they took. */
  runs: number;
  seconds: number;
  units: { found: number; asked: number; noticed: number };
  /** Share of the asked units that were noticed, in percent; null where none was asked. */
  sharePercent: number | null;
  /** New and changed tests: how many were asked with a changed expectation, and how many turned red. */
  tests: { asked: number; red: number };
  /** At most 20; `digest` is of the artifact that a person is shown. */
  findings: Array<ExperimentFinding & { digest: string }>;
  /** What was not asked, cut or not measured; at most 12. */
  notes: string[];
}

export const FINDINGS_LIMIT = 20;
export const NOTES_LIMIT = 12;

/** What a person reads before a decision. Another text of the file has another digest, other breaks of the same function have not. */
export function findingText({ kind, path, line, says, claim }: ExperimentFinding, file: string): string {
  const what = claim === undefined ? `${path}:${line}\n${says}` : `${path}\n${claim}`;
  return `${kind}\n${what}\n\n--- ${path}\n${file}`;
}
