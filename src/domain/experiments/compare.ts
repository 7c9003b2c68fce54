/**
 * What a run with something broken says beside a run with nothing broken. Pure.
 *
 * A break is noticed where a test that passed does not pass now. A run in which no test had its turn, such as one whose build
 * failed, says nothing; neither does one whose tests all pass and whose command ends badly, such as by a check of style.
 */
import { keyOf } from '../evidence/baseline';
import { namedTests } from '../evidence/criteria';
import type { Named } from '../evidence/criteria';
import type { TestCounts } from '../evidence/evidence';

export interface RunTold {
  exitCode: number | null;
  timedOut: boolean;
  tests: Array<Named & { status: string }>;
  counts: TestCounts | null;
}

/** The run with nothing broken. `passed` leaves out tests that are known to be flaky. */
export interface Reference {
  exitCode: number | null;
  passed: ReadonlyMap<string, Named>;
  counts: TestCounts | null;
  /** The run names every test that it counts. */
  isNamed: boolean;
  /** Tests that fail without the change too, or now and then, by key: the end of a run in which one failed is no answer. */
  unsteady: ReadonlySet<string>;
  hasWavered: boolean;
}

export interface Answer {
  outcome: 'noticed' | 'unnoticed' | 'not_run';
  /** Every test passed, and the command ended badly. */
  endsBadly?: true;
  /** The time was over: tests that had not ended, of which nothing is known. */
  open?: Named[];
  /** Tests that passed in the reference and not now, at most `RED_LIMIT`. */
  red: Named[];
}

/** Some suites have thousands of rows of one table, each a test of its own. */
export const RED_LIMIT = 10_000;

export function referenceOf(run: RunTold, flaky: readonly Named[]): Reference {
  const unsteady = new Set(flaky.map(keyOf));
  const passed = run.tests.filter((test) => test.status === 'passed' && !unsteady.has(keyOf(test)));
  const { exitCode, counts } = run;
  const isNamed = namedTests(run.tests, counts) !== null;
  return {
    exitCode,
    counts,
    isNamed,
    unsteady,
    hasWavered: wavers(run, unsteady),
    passed: new Map(passed.map(({ file, name }) => [keyOf({ file, name }), { file, name }])),
  };
}

export function compare(reference: Reference, run: RunTold): Answer {
  const { passed, counts, exitCode, isNamed, unsteady, hasWavered } = reference;
  if (run.timedOut) return { outcome: 'noticed', open: openIn(run, passed), red: failedIn(run, passed) };
  if (isSilent(run) && (passed.size > 0 || (counts?.total ?? 0) > 0)) return { outcome: 'not_run', red: [] };
  const now = new Set(run.tests.filter(({ status }) => status === 'passed').map(keyOf));
  const red = [...passed].filter(([key]) => !now.has(key)).map(([, test]) => test);
  const isOther = run.exitCode !== exitCode && !(isNamed && (hasWavered || wavers(run, unsteady)));
  if (red.length === 0 && isNamed && isOther) return { outcome: 'not_run', endsBadly: true, red: [] };
  const isNoticed = red.length > 0 || isOther || (!isNamed && countsLess(counts, run.counts));
  return { outcome: isNoticed ? 'noticed' : 'unnoticed', red: red.slice(0, RED_LIMIT) };
}

function wavers({ tests }: RunTold, unsteady: Reference['unsteady']): boolean {
  return tests.some((test) => test.status === 'failed' && unsteady.has(keyOf(test)));
}

/** Tests that had failed when the time was over. */
function failedIn({ tests }: RunTold, passed: Reference['passed']): Named[] {
  const failed = tests.filter(({ status }) => status === 'failed').map(keyOf);
  return failed.flatMap((key) => passed.get(key) ?? []).slice(0, RED_LIMIT);
}

function openIn({ tests }: RunTold, passed: Reference['passed']): Named[] {
  const ended = new Set(tests.map(keyOf));
  return [...passed]
    .filter(([key]) => !ended.has(key))
    .map(([, test]) => test)
    .slice(0, RED_LIMIT);
}

/** No test ran, and none failed to: its build failed, or the command itself. */
function isSilent({ tests, counts }: RunTold): boolean {
  return tests.length === 0 && (counts === null || counts.total === 0);
}

function countsLess(before: TestCounts | null, now: TestCounts | null): boolean {
  if (before === null) return false;
  return now === null || now.passed < before.passed || now.failed > before.failed;
}
