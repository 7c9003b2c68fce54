/**
 * Compares a test run with a break to the reference run without one. Pure.
 *
 * A break is noticed if a test that passed in the reference does not pass. Two kinds of run prove nothing: a run without any
 * test result, for example because the build failed, and a run whose tests all pass while the command fails, for example in a style check.
 */
import { keyOf } from '../evidence/baseline';
import { namedTests } from '../evidence/criteria';
import type { Named } from '../evidence/criteria';
import type { TestCounts } from '../evidence/evidence';

export interface RunReport {
  exitCode: number | null;
  timedOut: boolean;
  tests: Array<Named & { status: string }>;
  counts: TestCounts | null;
}

/** The run without a break. `passed` leaves out known flaky tests. */
export interface Reference {
  exitCode: number | null;
  passed: ReadonlyMap<string, Named>;
  counts: TestCounts | null;
  /** True if the run names every test that it counts. */
  isNamed: boolean;
  /** Keys of tests that fail without the change or are flaky: if one of them failed, the exit code proves nothing. */
  unsteady: ReadonlySet<string>;
  /** True if one of the `unsteady` tests failed in the reference run. */
  hasWavered: boolean;
}

export interface Answer {
  outcome: 'noticed' | 'unnoticed' | 'not_run';
  /** Set if every test passed but the command failed. */
  endsBadly?: true;
  /** After a time-out: the tests that had not finished, whose results are unknown. */
  open?: Named[];
  /** Tests that passed in the reference and do not pass now, at most `RED_LIMIT`. */
  red: Named[];
}

/** A table with thousands of rows can be as many tests. */
export const RED_LIMIT = 10_000;

export function referenceOf(run: RunReport, flaky: readonly Named[]): Reference {
  const unsteady = new Set(flaky.map(keyOf));
  const passed = run.tests.filter((test) => test.status === 'passed' && !unsteady.has(keyOf(test)));
  const { exitCode, counts } = run;
  const isNamed = namedTests(run.tests, counts) !== null;
  return {
    exitCode,
    counts,
    isNamed,
    unsteady,
    hasWavered: hasUnsteadyFailure(run, unsteady),
    passed: new Map(passed.map(({ file, name }) => [keyOf({ file, name }), { file, name }])),
  };
}

export function compare(reference: Reference, run: RunReport): Answer {
  const { passed, counts, exitCode, isNamed, unsteady, hasWavered } = reference;
  if (run.timedOut) return { outcome: 'noticed', open: unfinishedIn(run, passed), red: failedIn(run, passed) };
  if (hasNoResult(run) && (passed.size > 0 || (counts?.total ?? 0) > 0)) return { outcome: 'not_run', red: [] };
  const passedNow = new Set(run.tests.filter(({ status }) => status === 'passed').map(keyOf));
  const red = [...passed].filter(([key]) => !passedNow.has(key)).map(([, test]) => test);
  const hasOtherExitCode = run.exitCode !== exitCode && !(isNamed && (hasWavered || hasUnsteadyFailure(run, unsteady)));
  if (red.length === 0 && isNamed && hasOtherExitCode) return { outcome: 'not_run', endsBadly: true, red: [] };
  const isNoticed = red.length > 0 || hasOtherExitCode || (!isNamed && hasWorseCounts(counts, run.counts));
  return { outcome: isNoticed ? 'noticed' : 'unnoticed', red: red.slice(0, RED_LIMIT) };
}

function hasUnsteadyFailure({ tests }: RunReport, unsteady: Reference['unsteady']): boolean {
  return tests.some((test) => test.status === 'failed' && unsteady.has(keyOf(test)));
}

/** The tests that had failed before the time-out. */
function failedIn({ tests }: RunReport, passed: Reference['passed']): Named[] {
  const failed = tests.filter(({ status }) => status === 'failed').map(keyOf);
  return failed.flatMap((key) => passed.get(key) ?? []).slice(0, RED_LIMIT);
}

function unfinishedIn({ tests }: RunReport, passed: Reference['passed']): Named[] {
  const ended = new Set(tests.map(keyOf));
  return [...passed]
    .filter(([key]) => !ended.has(key))
    .map(([, test]) => test)
    .slice(0, RED_LIMIT);
}

/** True if the run has no test result: the build or the command itself failed. */
function hasNoResult({ tests, counts }: RunReport): boolean {
  return tests.length === 0 && (counts === null || counts.total === 0);
}

function hasWorseCounts(before: TestCounts | null, now: TestCounts | null): boolean {
  if (before === null) return false;
  return now === null || now.passed < before.passed || now.failed > before.failed;
}
