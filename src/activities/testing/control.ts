/**
 * The negative control: runs every new or changed test of all roles on the base commit, without the change.
 */
import { keyOf } from '../../domain/evidence/baseline';
import type { WithoutChange } from '../../domain/evidence/control';
import { namedTests } from '../../domain/evidence/criteria';
import type { Named } from '../../domain/evidence/criteria';
import type { TestIntegrity } from '../../domain/evidence/evidence';
import { digestOf } from '../../inspect/digest';
import type { BaseRunResult } from '../../ports/documents';
import type { TestRun } from '../../ports/test-runner';
import type { Deps } from '../deps';
import { runAtBase } from './base-runs';
import type { LockedFile } from './locked-tests';
import { testMethodKey, runTests } from './run-tests';
import type { TestMethod } from './run-tests';

export interface ControlInput {
  /** The run of the commit that is judged. */
  run: TestRun;
  /** The run of the base's own tests on the base. */
  atBase: BaseRunResult;
  /** The Test Auditor's files. */
  locked: LockedFile[];
  /** The other test files that the change adds or alters. */
  changed: LockedFile[];
  /** Tests that fail without the change too, or that are flaky, by their current files. */
  known: Named[];
  /** True where every criterion of the plan keeps existing behaviour, so that its tests may pass without the change. */
  keepsAll: boolean;
}

/** Runs the control. Its members are null where there are no new tests, or where the judged run has new failures. */
export async function controlOf(deps: Deps, method: TestMethod, input: ControlInput): Promise<Control> {
  const { run, locked, changed, keepsAll } = input;
  const files = [...locked, ...changed];
  if (files.length === 0 || hasNewFailures(input)) return NO_CONTROL;
  const withoutAll = await runWithout(deps, method, files);
  // If the run names no files, only its total counts. So the locked files run alone, without the other changed tests.
  const needsOwnRun = locked.length > 0 && changed.length > 0 && !namesFiles(run, files);
  const withoutLocked = needsOwnRun ? await runWithout(deps, method, locked) : withoutAll;
  const greenFiles = locked
    .map(({ path }) => path)
    .filter((path) => !createFailsWithoutChange(input, withoutLocked, locked)(path));
  const shows = files.some(({ path }) => createFailsWithoutChange(input, withoutAll, files)(path));
  const isByTest = namesFiles(run, files) && namedTests(run.tests, run.counts) !== null;
  const without = isByTest ? { passed: withoutAll.passed, missing: withoutAll.missing ?? [] } : null;
  const flags = { ...(keepsAll ? { mayPass: true as const } : {}), ...(isByTest ? { byTest: true as const } : {}) };
  return { control: { files: files.length, green: greenFiles.slice(0, 5), ...flags, shows }, without };
}

export interface Control {
  /** The part of the evidence. */
  control: TestIntegrity['control'];
  /** The result of each test without the change; null where the run names no tests. */
  without: WithoutChange | null;
}
export const NO_CONTROL: Control = { control: null, without: null };

/** Runs these test files on the base commit. */
function runWithout(deps: Deps, method: TestMethod, files: LockedFile[]): Promise<BaseRunResult> {
  const laid = digestOf(JSON.stringify(files.map(({ path, text }) => [path, text]).sort()));
  return runAtBase(deps, {
    ...{ collection: 'controls', key: `${testMethodKey(method)}.${laid.slice(7)}` },
    run: () => runTests(deps, method, { commit: method.base, locked: files }),
  });
}

function namesFiles({ tests }: TestRun, files: LockedFile[]): boolean {
  return tests.some(({ status, file }) => status === 'passed' && files.some(({ path }) => path === file));
}

function hasNewFailures({ run, known }: ControlInput): boolean {
  const { counts, tests, exitCode } = run;
  if (counts === null && tests.length === 0) return exitCode !== 0;
  const keys = new Set(known.map(keyOf));
  if (tests.length === 0) return (counts?.failed ?? 1) > 0;
  return tests.some((test) => test.status === 'failed' && !keys.has(keyOf(test)));
}

/**
 * Gives a function that is true for a file which fails without the change: one of its tests fails at the base and did not before, or
 * none of its tests ran there. For a file without tests, such as test data, and for a runner that names no files, any new failure counts.
 */
function createFailsWithoutChange(
  { run, atBase }: ControlInput,
  seen: BaseRunResult,
  files: LockedFile[],
): (path: string) => boolean {
  const { passed, failed = [], exitCode = 0 } = seen;
  const passedFiles = new Set(run.tests.filter(({ status }) => status === 'passed').map(({ file }) => file));
  // A test that failed before and passes with the change shows the change like a new test.
  const passedTests = new Set(run.tests.filter(({ status }) => status === 'passed').map(keyOf));
  const red = (atBase.failed ?? []).filter((test) => !passedTests.has(keyOf(test)));
  const known = new Set([...red, ...(atBase.flaky ?? [])].map(keyOf));
  const newFailures = failed.filter((test) => !known.has(keyOf(test)));
  if (!namesFiles(run, files)) {
    // If the command fails at the base without the new tests too, its exit code shows nothing.
    const isNew = (atBase.exitCode ?? 0) === 0 || endsWorse(seen, atBase);
    return () => newFailures.length > 0 || (exitCode !== 0 && known.size === 0 && isNew);
  }
  const ofTests = new Set(run.tests.map(({ file }) => file));
  return (path) =>
    (!ofTests.has(path) && newFailures.length > 0) ||
    newFailures.some(({ file }) => file === path || file === '') ||
    (passedFiles.has(path) && !passed.some(({ file }) => file === path));
}

/** True where no test passed, and more tests failed than at the base or the exit code differs from the base's. */
function endsWorse({ passed, counts, exitCode }: BaseRunResult, atBase: BaseRunResult): boolean {
  if (passed.length > 0) return false;
  if ((counts?.passed ?? 0) === 0 || exitCode !== atBase.exitCode) return true;
  return (counts?.failed ?? 0) > (atBase.counts?.failed ?? 0);
}
