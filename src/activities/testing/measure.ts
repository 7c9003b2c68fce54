/**
 * Measures a commit: runs its tests and collects the facts that show whether the run can be trusted.
 */
import { keyOf, knownFailures, lostTests, movedTest } from '../../domain/evidence/baseline';
import type { Baseline, AllowedLosses } from '../../domain/evidence/baseline';
import { changedLines, coverageOfChange } from '../../domain/evidence/coverage';
import type { WithoutChange } from '../../domain/evidence/control';
import type { Evidence, TestIntegrity } from '../../domain/evidence/evidence';
import { fetchedText } from '../../domain/fetched';
import { holdsTests, isRunnable, findUnrunFiles } from '../../domain/evidence/runnable';
import type { Named } from '../../domain/evidence/criteria';
import type { BaseRunResult } from '../../ports/documents';
import type { TestCase, TestRun } from '../../ports/test-runner';
import type { Deps } from '../deps';
import type { Candidate } from '../experiments/subject';
import { toBaseline, runAtBase } from './base-runs';
import { settingsOfBase } from './changed-tests';
import { NO_CONTROL, controlOf } from './control';
import type { LockedFile, LockedTests } from './locked-tests';
import { repeatRuns } from './repeats';
import { findTestMethod, testMethodKey, runTests } from './run-tests';
import type { Subject } from './run-tests';

export interface TestSubject extends Subject {
  locked: LockedTests;
  /** Other test files that the change adds or alters, with their new text. */
  changedTests: LockedFile[];
  excused: AllowedLosses;
  /** Tells tests from production in the tree of the change. */
  isTest(path: string): boolean;
  /** Paths whose changes a person has approved. */
  approved: string[];
  /** True where every criterion of the plan keeps existing behaviour. */
  keepsAll: boolean;
  /** True: the new tests are also run without the change. */
  needsControl: boolean;
}
export interface Measured {
  evidence: Evidence;
  tests: TestCase[];
  /** Tests that passed before the change. All other passing tests are new. */
  passedBefore: Named[];
  /** Tests of the base that the change turned red, without flaky ones. */
  turnedRed: Named[];
  /** Tests that fail at the base each time. */
  redBefore: Named[];
  /** Tests that sometimes fail, at the base or with the change. */
  flaky: Named[];
  /** The result of each test without the change; null where no control ran, or where the run names no tests. */
  without: WithoutChange | null;
  /** The input of experiments on this run. */
  candidate: Omit<Candidate, 'keepsAll' | 'overrides'>;
}

/** Runs and judges the tests; undefined where no test command is known. */
export async function measureTests(deps: Deps, subject: TestSubject): Promise<Measured | undefined> {
  const method = await findTestMethod(deps, subject);
  if (method === undefined) return undefined;
  const { commit, excused, locked } = subject;
  const baseRun = { collection: 'baselines', run: () => runTests(deps, method, { commit: method.base }) } as const;
  const atBase = await runAtBase(deps, { ...baseRun, key: testMethodKey(method) });
  const base = toBaseline(atBase);
  const laid = method.isOfBase ? await settingsOfBase(deps, method, subject) : [];
  const run = await runTests(deps, method, {
    ...{ commit, locked: locked.files, laid },
    ...{ coverage: true, coverageCommand: subject.commands?.coverage },
  });
  const at = new Date().toISOString();
  const notPassed = lostTests(run.tests, base, excused);
  const atCurrentFile = (test: Named): Named => movedTest(test, excused.moved, run.tests);
  const { flaky, clearedAtBase } = await repeatRuns(run, notPassed, {
    ...{ known: base, toCurrentFile: atCurrentFile },
    candidate: () => runTests(deps, method, { commit, locked: locked.files, laid }),
    base: (time) => runAtBase(deps, { ...baseRun, key: `${testMethodKey(method)}.again${time}`, isRepeat: true }),
  });
  const unsteady = [...base.flaky, ...flaky, ...clearedAtBase];
  const lost = notPassed.filter((test) => !unsteady.some((flakyTest) => keyOf(flakyTest) === keyOf(test)));
  const [redNow, unsteadyNow] = [base.failed.map(atCurrentFile), unsteady.map(atCurrentFile)];
  const failures = knownFailures(run, { ...base, failed: redNow }, unsteadyNow);
  const knownTests = [...redNow, ...unsteadyNow];
  const { control, without } = subject.needsControl
    ? await controlOf(deps, method, {
        ...subject,
        ...{ run, atBase, known: knownTests, locked: locked.files, changed: subject.changedTests },
      })
    : NO_CONTROL;
  const integrity: TestIntegrity = {
    ...{ runner: run.runner, sentinel: run.sentinel },
    baseline: {
      passed:
        base.passed.length === 0
          ? (base.counts?.passed ?? 0)
          : base.passed.length - countExcused(run, base, excused) - (notPassed.length - lost.length),
      lost: lost.length,
      names: lost.slice(0, 5).map(({ name }) => name.slice(0, 120)),
      ...failedOutsideTests(atBase),
    },
    ...(failures.red + failures.flaky > 0 ? { known: failures } : {}),
    ...findNotRun(run, base, [...locked.files, ...subject.changedTests]),
    ...(await findRewritten(deps, subject, { run, atBase })),
    ...{ unshown: lockedWithoutPass(run, locked.files), lockedDigest: locked.lock?.digest ?? null, control },
  };
  const evidence = await toEvidence(deps, run, { place: subject, at, integrity });
  const measuredRun = { method, commit, laid, run };
  const testFiles = { locked: locked.files, changedTests: subject.changedTests, isTest: subject.isTest };
  return {
    ...{ evidence, tests: run.tests, turnedRed: lost, flaky: unsteady },
    ...{ passedBefore: base.passed, redBefore: base.failed },
    without,
    candidate: { ...measuredRun, known: knownTests, old: base.passed.map(atCurrentFile), without, ...testFiles },
  };
}

/** Gives the base's exit code if all of its tests passed and the command still failed: then something other than a test failed. */
function failedOutsideTests({ exitCode, counts, failed = [] }: BaseRunResult): { exitCode?: number } {
  const isGreen = failed.length === 0 && (counts?.failed ?? 0) === 0 && (counts?.passed ?? 0) > 0;
  return isGreen && typeof exitCode === 'number' && exitCode !== 0 ? { exitCode } : {};
}

function countExcused(run: TestRun, base: Baseline, excused: AllowedLosses): number {
  const noLosses: AllowedLosses = { moved: new Map(), mayBeLost: () => false };
  return lostTests(run.tests, base, noLosses).length - lostTests(run.tests, base, excused).length;
}

/** Gives locked test files of which no test passed. Empty where the run names no files. */
function lockedWithoutPass(run: TestRun, locked: LockedFile[]): string[] {
  const paths = locked.filter(holdsTests).map(({ path }) => path);
  const seen = [...new Set(run.tests.map(({ file }) => file))].filter((file) => file !== '');
  if (seen.length === 0) return [];
  if (run.sentinel === null && !paths.some((path) => seen.includes(path))) return [];
  const passed = new Set(run.tests.filter(({ status }) => status === 'passed').map(({ file }) => file));
  const missing = paths.filter((path) => !passed.has(path) && (seen.includes(path) || isRunnable(path, seen)));
  return missing.slice(0, 5).map((path) => path.slice(0, 120));
}

function findNotRun(run: TestRun, { passed, failed, flaky }: Baseline, files: LockedFile[]): { notRun?: string[] } {
  if (run.timedOut) return {};
  const paths = findUnrunFiles(files, run, [...passed, ...failed, ...flaky]);
  return paths.length === 0 ? {} : { notRun: paths.slice(0, 10).map((path) => path.slice(0, 120)) };
}

/**
 * Gives tracked files that the test run rewrote. Files that the base's run rewrites too do not count: the project's formatters or
 * generators write them.
 */
async function findRewritten(
  { workspace }: Pick<Deps, 'workspace'>,
  { repo, commit }: Pick<TestSubject, 'repo' | 'commit'>,
  { run, atBase }: { run: TestRun; atBase: BaseRunResult },
): Promise<{ rewritten?: string[] }> {
  const rewrittenAtBase = atBase.rewritten;
  const found = (run.rewritten ?? []).filter((path) => rewrittenAtBase?.includes(path) === false);
  if (found.length === 0) return {};
  const tracked = new Set((await workspace.list({ ...repo, commit })).map(({ path }) => path));
  const paths = found.filter((path) => tracked.has(path));
  return paths.length === 0 ? {} : { rewritten: paths.slice(0, 10).map((path) => path.slice(0, 120)) };
}

async function toEvidence(
  deps: Deps,
  run: TestRun,
  { place, at, integrity }: { place: TestSubject; at: string; integrity: TestIntegrity },
): Promise<Evidence> {
  const { repo, base, commit } = place;
  const changed = changedLines(await deps.workspace.diff(repo, base, commit));
  const coveragePercent = coverageOfChange(changed, run.coverage, { ...deps.runners, isTest: place.isTest });
  const { command, exitCode, timedOut, counts, failing, durationMs, output, failures } = run;
  const { digest: logDigest } = await deps.artifacts.put(output);
  const storedMessages = failures.length === 0 ? undefined : await deps.artifacts.put(JSON.stringify(failures));
  const { fetched } = run;
  const storedFetched = fetched === undefined ? undefined : await deps.artifacts.put(JSON.stringify(fetched));
  return {
    ...{ kind: 'tests', command, commit, exitCode, timedOut, counts, coveragePercent, integrity },
    ...{ logDigest, failing, durationMs, sandbox: deps.sandbox.name, at },
    ...(storedMessages === undefined ? {} : { failuresDigest: storedMessages.digest }),
    ...(fetched && storedFetched ? { setup: { says: fetchedText(fetched), fetchedDigest: storedFetched.digest } } : {}),
  };
}
