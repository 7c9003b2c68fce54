/**
 * Evidence: what the orchestrator itself saw happen, on which commit; and the gate that judges it.
 *
 * A role's own words are never evidence. Evidence about another commit counts as none.
 */

export interface TestCounts {
  total: number;
  passed: number;
  failed: number;
  skipped: number;
}

export interface Evidence {
  kind: 'tests' | 'build' | 'smoke';
  /** The argument list that ran. */
  command: string[];
  /** The git commit it ran on, 40 hex digits. */
  commit: string;
  /** null where the process was killed (time-out, memory). */
  exitCode: number | null;
  timedOut: boolean;
  /** null where the runner's report could not be read. */
  counts: TestCounts | null;
  /** Percent of lines, 0 to 100; null where it was not measured. */
  coveragePercent: number | null;
  /** Digest of the log in the artifact store. */
  logDigest: string;
  /** Names of the failing tests, at most 20, each at most 200 characters. */
  failing: string[];
  durationMs: number;
  /** The sandbox driver it ran in: `bubblewrap`, or `none` where development settings allow it. */
  sandbox: string;
  /** When it ended, ISO 8601. */
  at: string;
}

export type Verdict = { pass: true } | { pass: false; reasons: string[] };

/** The gate of `testing`: passes only on measured, fresh, non-empty, all-green evidence. */
export function judgeTests(evidence: Evidence | null, commit: string): Verdict {
  if (evidence === null) return { pass: false, reasons: ['no test run was measured'] };
  const reasons: string[] = [];
  if (evidence.commit !== commit)
    reasons.push(`the tests ran on ${evidence.commit.slice(0, 12)}, not on ${commit.slice(0, 12)}`);
  if (evidence.timedOut) reasons.push('the test command ran out of time');
  else if (evidence.exitCode !== 0)
    reasons.push(`the test command ended with exit code ${evidence.exitCode ?? 'none (killed)'}`);
  const { counts } = evidence;
  if (counts === null) reasons.push('the test report could not be read, so no test was counted');
  else if (counts.total === 0) reasons.push('no test ran');
  else if (counts.failed > 0) reasons.push(`${counts.failed} of ${counts.total} tests failed`);
  else if (counts.passed === 0) reasons.push(`all ${counts.total} tests were skipped`);
  return reasons.length === 0 ? { pass: true } : { pass: false, reasons };
}
