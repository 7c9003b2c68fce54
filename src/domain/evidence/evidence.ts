/**
 * Evidence: what the orchestrator measured on one commit, and the gate that judges test evidence.
 *
 * A role's statements are never evidence. Evidence about another commit does not count.
 */

import type { Experiments } from '../experiments/summary';

export interface TestCounts {
  total: number;
  passed: number;
  failed: number;
  skipped: number;
}

export interface TestIntegrity {
  /** The test runner adapter that ran the tests. */
  runner: string;
  /** Whether the monitor inside the test processes was intact; null if the runner has none. */
  sentinel: { kept: boolean; reason: string } | null;
  /**
   * The number of tests that passed on the base commit, and of those that do not pass now (at most 5 are named). `exitCode`: set
   * if the base's run ended with an error although none of its tests failed.
   */
  baseline: { passed: number; lost: number; names: string[]; exitCode?: number };
  /** Failing tests (at most 5 are named) that also failed on the base commit, or are flaky. Absent: none is known. */
  known?: { red: number; flaky: number; names: string[] };
  /** Digest of the locked tests that were copied over the checkout; null if there are none. */
  lockedDigest: string | null;
  /** Source files of the commit (at most 10 are named) that the run wrote and the base's run did not. Absent: none is known. */
  rewritten?: string[];
  /** Locked test files (at most 5 are named) without a passing test. A stored member, so its name stays. */
  unshown: string[];
  /** New and changed test files (at most 10 are named) that the test command did not run. Absent: none is known. */
  notRun?: string[];
  /**
   * The negative control: the new and changed tests, run without the change; null if it was not run. `files`: how many test files
   * ran. `green`: locked test files (at most 5) that pass. `byTest`: the run names its tests, so each criterion is judged by its
   * own tests. `mayPass`: the plan promises nothing new. `shows`: at least one of the tests, by any role, fails without the
   * change; absent in evidence from before all of them were run.
   */
  control: { files: number; green: string[]; mayPass?: true; byTest?: true; shows?: boolean } | null;
}

export interface Evidence {
  kind: 'tests' | 'build';
  /** The argument list of the command that ran. */
  command: string[];
  /** A shorter form of the command for people. Absent unless an argument is a whole program. */
  shown?: string;
  /** The git commit it ran on, 40 hex digits. */
  commit: string;
  /** Null if the process was killed (time-out, memory). */
  exitCode: number | null;
  timedOut: boolean;
  /** Null if the runner's report could not be read. */
  counts: TestCounts | null;
  /** Percent of the changed lines that ran, 0 to 100; null if it was not measured. */
  coveragePercent: number | null;
  /** The checks that make the counts trustworthy; null if the run was not monitored. */
  integrity: TestIntegrity | null;
  /** Digest of the log in the artifact store. */
  logDigest: string;
  /** Names of the failing tests, at most 20, each at most 200 characters. */
  failing: string[];
  /** The summary of the experiments on this commit; absent if none ran, as in evidence of older workers. */
  experiments?: Experiments;
  /** Digest of the output of the failing tests: message, difference, first lines of the stack. Absent if they printed nothing. */
  failuresDigest?: string;
  /** What set-up downloaded, in one sentence; the digest is of the list of servers, bytes and times. Absent: not known. */
  setup?: { says: string; fetchedDigest: string };
  durationMs: number;
  /** The sandbox driver of the run: `bubblewrap`, or `none` if development settings allow it. */
  sandbox: string;
  /** When the run ended, ISO 8601. */
  at: string;
}

export type Verdict = { pass: true } | { pass: false; reasons: string[] };

/** The requirements against which test evidence is judged. */
export interface TestRequirements {
  commit: string;
  /** Digest of the locked tests that must have been copied over the checkout; null if none is locked. */
  lockedDigest: string | null;
  /** Percent of the changed lines that must have run; absent: `COVERAGE_FLOOR_PERCENT`. */
  coverageFloorPercent?: number | undefined;
}

/** Default floor: at most every fifth changed line may be never run. */
export const COVERAGE_FLOOR_PERCENT = 80;

/** The gate of `testing`: passes only if the evidence is measured on this commit, counts at least one test, and has no problem. */
export function judgeTests(evidence: Evidence | null, requirements: TestRequirements): Verdict {
  const { commit, lockedDigest, coverageFloorPercent: floor = COVERAGE_FLOOR_PERCENT } = requirements;
  if (evidence === null) return { pass: false, reasons: ['no test run was measured'] };
  const reasons: string[] = [];
  if (evidence.commit !== commit)
    reasons.push(`the tests ran on ${evidence.commit.slice(0, 12)}, not on ${commit.slice(0, 12)}`);
  const { counts } = evidence;
  const known = countKnownFailures(evidence);
  const newlyFailed = (counts?.failed ?? 0) - known;
  // A runner exits with an error if a test fails: that is explained if every failure is known.
  const isExplained = newlyFailed === 0 && evidence.exitCode !== null && (known > 0 || endsLikeBaseline(evidence));
  if (evidence.timedOut) reasons.push('the test command ran out of time');
  else if (evidence.exitCode !== 0 && !isExplained)
    reasons.push(`the test command ended with exit code ${evidence.exitCode ?? 'none (killed)'}`);
  if (counts === null) {
    if (!isProvenByExitCode(evidence)) reasons.push('the test report could not be read, so no test was counted');
  } else if (counts.total === 0) reasons.push('no test ran');
  else if (newlyFailed > 0) reasons.push(`${newlyFailed} of ${counts.total} tests failed`);
  else if (counts.passed === 0) reasons.push(`all ${counts.total} tests were skipped`);
  const { integrity, coveragePercent } = evidence;
  if (integrity === null) reasons.push('nothing watched the test run');
  else reasons.push(...integrityProblems(integrity, lockedDigest, notRunText(evidence)));
  if (counts !== null && integrity !== null && counts.passed < integrity.baseline.passed)
    reasons.push(`${counts.passed} tests passed, ${integrity.baseline.passed} did before the change`);
  if (coveragePercent !== null && coveragePercent < floor)
    reasons.push(`${coveragePercent} % of the changed lines ran in tests, below ${floor} %`);
  if (reasons.length === 0 && lockedDigest !== null && integrity?.control === null)
    reasons.push('the locked tests were not run without the change');
  return reasons.length === 0 ? { pass: true } : { pass: false, reasons };
}

/**
 * A command that reports no test counts, not even on the base commit, is trusted by its exit code: zero with the change, and
 * not zero with the same tests without the change.
 */
function isProvenByExitCode({ exitCode, integrity }: Evidence): boolean {
  return exitCode === 0 && integrity?.baseline.passed === 0 && integrity.control?.shows === true;
}

/** True if the command fails for a reason other than tests, such as a style check, and did so without the change too. */
function endsLikeBaseline({ exitCode, counts, integrity }: Evidence): boolean {
  return exitCode === integrity?.baseline.exitCode && (counts?.passed ?? 0) > 0;
}

/** The number of failing tests that do not stop the change. */
function countKnownFailures({ integrity, counts }: Pick<Evidence, 'integrity' | 'counts'>): number {
  const { red, flaky } = integrity?.known ?? { red: 0, flaky: 0 };
  return Math.min(red + flaky, counts?.failed ?? 0);
}

/** Describes test files that the command did not run: their negative control would prove nothing. */
export function notRunText(evidence: Evidence): (paths: string[]) => string {
  const command = (evidence.shown ?? evidence.command.join(' ')).slice(0, 120);
  return (paths) =>
    `${paths.join(', ')}: no test of it was run by the command "${command}"; commands.test, or the settings of the test runner, must pick it up`;
}

/** Returns the reasons not to trust the run, independent of its counts. */
function integrityProblems(
  { sentinel, baseline, control, unshown, notRun = [], rewritten = [], ...run }: TestIntegrity,
  lockedDigest: string | null,
  describeNotRun: ReturnType<typeof notRunText>,
): string[] {
  const reasons: string[] = [];
  const keepExecuted = (paths: string[]): string[] => paths.filter((path) => !notRun.includes(path.slice(0, 120)));
  const passWithoutChange = control === null || control.mayPass || control.byTest ? [] : control.green;
  if (sentinel?.kept === false) reasons.push(`the record of the test run is not whole: ${sentinel.reason}`);
  if (rewritten.length > 0) reasons.push(`the test run changed these files of the commit: ${rewritten.join(', ')}`);
  if (run.lockedDigest !== lockedDigest)
    reasons.push('the tests ran with other locked tests than those that are locked now');
  if (baseline.lost > 0)
    reasons.push(`${baseline.lost} tests that passed before the change do not pass now: ${baseline.names.join(', ')}`);
  const notExecuted = [...unshown, ...passWithoutChange.map((path) => path.slice(0, 120))].filter((path) =>
    notRun.includes(path),
  );
  if (notExecuted.length > 0) reasons.push(describeNotRun([...new Set(notExecuted)]));
  if (keepExecuted(unshown).length > 0)
    reasons.push(`no test passed in the locked ${keepExecuted(unshown).join(', ')}`);
  if (keepExecuted(passWithoutChange).length > 0)
    reasons.push(
      `the locked tests pass without the change: they show nothing (${keepExecuted(passWithoutChange).join(', ')})`,
    );
  if (control !== null && !control.mayPass && control.shows === false && passWithoutChange.length === 0)
    reasons.push(
      notRun.length > 0
        ? describeNotRun(notRun)
        : 'every new or changed test passes without the change: none of them shows it',
    );
  return reasons;
}
