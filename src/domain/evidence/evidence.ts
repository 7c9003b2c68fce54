/**
 * Evidence: what the orchestrator itself saw happen, on which commit; and the gate that judges it.
 *
 * A role's own words are never evidence. Evidence about another commit counts as none.
 */

import type { Experiments } from '../experiments/summary';

export interface TestCounts {
  total: number;
  passed: number;
  failed: number;
  skipped: number;
}

export interface TestIntegrity {
  /** The adapter that ran them. */
  runner: string;
  /** Whether the watch inside the test processes held; null where the runner has none. */
  sentinel: { kept: boolean; reason: string } | null;
  /**
   * Tests that passed on the base commit, and of these (at most 5 named) the ones that do not pass now. `exitCode`: how the base's
   * run ended, where that was badly though none of its tests failed.
   */
  baseline: { passed: number; lost: number; names: string[]; exitCode?: number };
  /** Failing tests (at most 5 named) that failed on the base commit too, or fail now and then. Absent: none is known. */
  known?: { red: number; flaky: number; names: string[] };
  /** Digest of the locked tests that were laid over the checkout; null where there are none. */
  lockedDigest: string | null;
  /** Sources of the commit (at most 10 named) that the run wrote, and the base's run did not. Absent: none is known. */
  rewritten?: string[];
  /** Locked test files (at most 5 named) of which no test passed now. */
  unshown: string[];
  /** New and changed test files (at most 10 named) of which no test ran: the command leaves them out. Absent: none is known. */
  notRun?: string[];
  /**
   * The new and changed tests without the change: files run, and (at most 5 named) those of the locked ones that pass; null
   * where it was not run. `byTest`: the run names its tests, and each criterion is held against them. `mayPass` where the plan promises nothing new. `shows`: one of them, by whichever role, fails
   * without the change; absent in evidence of before they were all asked.
   */
  control: { files: number; green: string[]; mayPass?: true; byTest?: true; shows?: boolean } | null;
}

export interface Evidence {
  kind: 'tests' | 'build';
  /** The argument list that ran. */
  command: string[];
  /** What people are shown in its place, where it holds a program as text. */
  shown?: string;
  /** The git commit it ran on, 40 hex digits. */
  commit: string;
  /** null where the process was killed (time-out, memory). */
  exitCode: number | null;
  timedOut: boolean;
  /** null where the runner's report could not be read. */
  counts: TestCounts | null;
  /** Percent of the changed lines that ran, 0 to 100; null where it was not measured. */
  coveragePercent: number | null;
  /** Why the counts may be believed; null where nothing watched the run. */
  integrity: TestIntegrity | null;
  /** Digest of the log in the artifact store. */
  logDigest: string;
  /** Names of the failing tests, at most 20, each at most 200 characters. */
  failing: string[];
  /** What experiments on this commit found; absent where none were made, such as in evidence of an older worker. */
  experiments?: Experiments;
  /** Digest of what each failing test said: message, difference, first lines of the stack. Absent where none said anything. */
  failuresDigest?: string;
  /** What set-up fetched, in one sentence; the digest is of the list of servers, bytes and times. Absent: not known. */
  setup?: { says: string; fetchedDigest: string };
  durationMs: number;
  /** The sandbox driver it ran in: `bubblewrap`, or `none` where development settings allow it. */
  sandbox: string;
  /** When it ended, ISO 8601. */
  at: string;
}

export type Verdict = { pass: true } | { pass: false; reasons: string[] };

/** What the tests are held against. */
export interface Asked {
  commit: string;
  /** Digest of the locked tests that must have been laid over; null where none is locked. */
  lockedDigest: string | null;
  /** Percent of the changed lines that must have run, where the build asks for another share than the default. */
  coverageFloorPercent?: number | undefined;
}

/** Below it, more than every fifth new line has never run. */
export const COVERAGE_FLOOR_PERCENT = 80;

/** The gate of `testing`: passes only on measured, fresh, non-empty, all-green, unbent evidence. */
export function judgeTests(evidence: Evidence | null, asked: Asked): Verdict {
  const { commit, lockedDigest, coverageFloorPercent: floor = COVERAGE_FLOOR_PERCENT } = asked;
  if (evidence === null) return { pass: false, reasons: ['no test run was measured'] };
  const reasons: string[] = [];
  if (evidence.commit !== commit)
    reasons.push(`the tests ran on ${evidence.commit.slice(0, 12)}, not on ${commit.slice(0, 12)}`);
  const { counts } = evidence;
  const known = knownOf(evidence);
  const newlyFailed = (counts?.failed ?? 0) - known;
  // A runner ends with an error where a test fails: that is no news where every failure is known.
  const isExplained = newlyFailed === 0 && evidence.exitCode !== null && (known > 0 || endsAsBefore(evidence));
  if (evidence.timedOut) reasons.push('the test command ran out of time');
  else if (evidence.exitCode !== 0 && !isExplained)
    reasons.push(`the test command ended with exit code ${evidence.exitCode ?? 'none (killed)'}`);
  if (counts === null) {
    if (!isShownByExit(evidence)) reasons.push('the test report could not be read, so no test was counted');
  } else if (counts.total === 0) reasons.push('no test ran');
  else if (newlyFailed > 0) reasons.push(`${newlyFailed} of ${counts.total} tests failed`);
  else if (counts.passed === 0) reasons.push(`all ${counts.total} tests were skipped`);
  const { integrity, coveragePercent } = evidence;
  if (integrity === null) reasons.push('nothing watched the test run');
  else reasons.push(...bent(integrity, lockedDigest, notRunText(evidence)));
  if (counts !== null && integrity !== null && counts.passed < integrity.baseline.passed)
    reasons.push(`${counts.passed} tests passed, ${integrity.baseline.passed} did before the change`);
  if (coveragePercent !== null && coveragePercent < floor)
    reasons.push(`${coveragePercent} % of the changed lines ran in tests, below ${floor} %`);
  if (reasons.length === 0 && lockedDigest !== null && integrity?.control === null)
    reasons.push('the locked tests were not run without the change');
  return reasons.length === 0 ? { pass: true } : { pass: false, reasons };
}

/**
 * A command that counts nothing, on the base commit neither, is believed by how it ends: well with the change, and badly with the
 * same tests without it.
 */
function isShownByExit({ exitCode, integrity }: Evidence): boolean {
  return exitCode === 0 && integrity?.baseline.passed === 0 && integrity.control?.shows === true;
}

/** What fails beside the tests, such as a check of style behind them, failed without the change in the same way. */
function endsAsBefore({ exitCode, counts, integrity }: Evidence): boolean {
  return exitCode === integrity?.baseline.exitCode && (counts?.passed ?? 0) > 0;
}

/** Failing tests that hold nothing back. */
function knownOf({ integrity, counts }: Pick<Evidence, 'integrity' | 'counts'>): number {
  const { red, flaky } = integrity?.known ?? { red: 0, flaky: 0 };
  return Math.min(red + flaky, counts?.failed ?? 0);
}

/** What holds for files that no test ran of: a control of them would say nothing. */
export function notRunText(evidence: Evidence): (paths: string[]) => string {
  const command = (evidence.shown ?? evidence.command.join(' ')).slice(0, 120);
  return (paths) =>
    `${paths.join(', ')}: no test of it was run by the command "${command}"; commands.test, or the settings of the test runner, must pick it up`;
}

/** What speaks against the run itself, whatever it counted. */
function bent(
  { sentinel, baseline, control, unshown, notRun = [], rewritten = [], ...run }: TestIntegrity,
  lockedDigest: string | null,
  describe: ReturnType<typeof notRunText>,
): string[] {
  const reasons: string[] = [];
  const ran = (paths: string[]): string[] => paths.filter((path) => !notRun.includes(path.slice(0, 120)));
  const hollow = control === null || control.mayPass || control.byTest ? [] : control.green;
  if (sentinel?.kept === false) reasons.push(`the record of the test run is not whole: ${sentinel.reason}`);
  if (rewritten.length > 0) reasons.push(`the test run changed these files of the commit: ${rewritten.join(', ')}`);
  if (run.lockedDigest !== lockedDigest)
    reasons.push('the tests ran with other locked tests than those that are locked now');
  if (baseline.lost > 0)
    reasons.push(`${baseline.lost} tests that passed before the change do not pass now: ${baseline.names.join(', ')}`);
  const silent = [...unshown, ...hollow.map((path) => path.slice(0, 120))].filter((path) => notRun.includes(path));
  if (silent.length > 0) reasons.push(describe([...new Set(silent)]));
  if (ran(unshown).length > 0) reasons.push(`no test passed in the locked ${ran(unshown).join(', ')}`);
  if (ran(hollow).length > 0)
    reasons.push(`the locked tests pass without the change: they show nothing (${ran(hollow).join(', ')})`);
  if (control !== null && !control.mayPass && control.shows === false && hollow.length === 0)
    reasons.push(
      notRun.length > 0
        ? describe(notRun)
        : 'every new or changed test passes without the change: none of them shows it',
    );
  return reasons;
}
