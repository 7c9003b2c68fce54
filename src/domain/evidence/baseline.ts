/**
 * Compares a test run of the candidate with the test results of the base commit. Pure.
 *
 * A test that fails at the base, or in one of two runs, is a known failure: it does not stop a change.
 */
import type { Named } from './criteria';
import type { TestCounts, TestIntegrity } from './evidence';

export interface TestOutcome extends Named {
  status: string;
}

/** The results of two test runs of the base commit; of one run if no test failed in it. */
export interface Baseline {
  passed: Named[];
  /** Tests that failed in each run. */
  failed: Named[];
  /** Tests that passed in one run and failed in the other. */
  flaky: Named[];
  /** The counts of the last run; null if its report could not be read. */
  counts: TestCounts | null;
}

interface TestPresence {
  /** True if the run contains a test of this name. */
  isThere: boolean;
  /** True if fewer tests of the file ran than at the base. */
  isShorter: boolean;
}

/** The allowed exceptions: tests that passed at the base and may be missing or fail now. */
export interface AllowedLosses {
  /** The new path of each moved test file, by its old path. */
  moved: ReadonlyMap<string, string>;
  /** True if the change may remove or break this test. */
  mayBeLost(test: Named, seen: TestPresence): boolean;
}

/** Parts of a test name that change between runs or when lines move: a line number, a time, a random id. */
const VOLATILE =
  /\(line \d+\)|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b1[5-9]\d{8}(?:\d{3})?\b/g;

/** The identity of a test across runs. Tests whose names differ only in volatile parts count as one. */
export const keyOf = ({ file, name }: Named): string => `${file}\n${name.replace(VOLATILE, '#')}`;

/** Builds the baseline from one or two runs of the same commit. */
export function baselineOf(runs: Array<{ tests: TestOutcome[]; counts: TestCounts | null }>): Baseline {
  const outcomes = new Map<string, { test: Named; statuses: Set<string> }>();
  for (const { file, name, status } of runs.flatMap(({ tests }) => tests)) {
    const outcome = outcomes.get(keyOf({ file, name })) ?? { test: { file, name }, statuses: new Set() };
    outcome.statuses.add(status);
    outcomes.set(keyOf({ file, name }), outcome);
  }
  const testsWith = (isWanted: (statuses: Set<string>) => boolean): Named[] =>
    [...outcomes.values()].filter(({ statuses }) => isWanted(statuses)).map(({ test }) => test);
  return {
    passed: testsWith((statuses) => statuses.has('passed') && !statuses.has('failed')),
    failed: testsWith((statuses) => statuses.has('failed') && !statuses.has('passed')),
    flaky: testsWith((statuses) => statuses.has('failed') && statuses.has('passed')),
    counts: runs.at(-1)?.counts ?? null,
  };
}

/** The tests of the base; a caller may know only the passed ones. */
type OldNames = Pick<Baseline, 'passed'> & Partial<Pick<Baseline, 'failed' | 'flaky'>>;

/** The last part of a test name, without the suites before it. */
const ownName = (name: string): string => name.split(/ [>›] /).at(-1) ?? name;

/** Finds a test of the base in a moved file. The class name before a test's name may have been renamed with its file. */
export function movedTest(test: Named, moved: AllowedLosses['moved'], tests: Named[]): Named {
  const file = moved.get(test.file);
  if (file === undefined) return test;
  const name = withoutClass(test.name, test.file);
  const testInMovedFile = tests.find((one) => one.file === file && withoutClass(one.name, file) === name);
  return { file, name: testInMovedFile?.name ?? test.name };
}

/** Removes the class that is named like the file: `x.SumTest > adds` in SumTest.java becomes ` > adds`. */
function withoutClass(name: string, file: string): string {
  const className = file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const [first = '', ...more] = name.split(/(?=[ $])/);
  return first === className || first.endsWith(`.${className}`) ? more.join('') : name;
}

/** Returns the tests that passed at the base and do not pass now, except for the allowed exceptions. */
export function lostTests(tests: TestOutcome[], base: OldNames, allowedLosses: AllowedLosses): Named[] {
  const isShorter = createIsShorter(tests, base);
  const testKeys = new Set(tests.map(keyOf));
  const passedTests = tests.filter(({ status }) => status === 'passed');
  const passedKeys = new Set(passedTests.map(keyOf));
  // A runner that reports no files may prefix the file name once there are several files.
  const passedNames = new Set(passedTests.map(({ name }) => ownName(name)));
  return base.passed.filter((test) => {
    if (test.file === '' && passedNames.has(ownName(test.name))) return false;
    const current = movedTest(test, allowedLosses.moved, tests);
    const currentKey = keyOf(current);
    return (
      !passedKeys.has(currentKey) &&
      !allowedLosses.mayBeLost(test, {
        isThere: testKeys.has(currentKey),
        isShorter: isShorter(test.file, current.file),
      })
    );
  });
}

/**
 * Makes a function that returns true if fewer tests of a file ran than at the base; its second argument is the file's new path. If
 * the runner reports no files, the function compares the whole runs.
 */
export function createIsShorter(tests: TestOutcome[], { passed, failed = [], flaky = [] }: OldNames) {
  const oldNames = groupNamesByFile([...passed, ...failed, ...flaky]);
  const ranTests = tests.filter(({ status }) => status === 'passed' || status === 'failed');
  const newNames = groupNamesByFile(ranTests);
  const ranCount = new Set(ranTests.map(keyOf)).size;
  return (file: string, newPath = file): boolean => {
    const count = file === '' ? ranCount : (newNames.get(newPath)?.size ?? 0);
    return count < (oldNames.get(file)?.size ?? 0);
  };
}

function groupNamesByFile(tests: Named[]): Map<string, Set<string>> {
  const files = new Map<string, Set<string>>();
  for (const { file, name } of tests) files.set(file, (files.get(file) ?? new Set()).add(name));
  return files;
}

/**
 * Returns the failing tests that were known before. `flaky`: the flaky tests of the base, and those that passed when the
 * candidate ran again. A run without test names is compared with the number of failures at the base.
 */
export function knownFailures(
  run: { tests: TestOutcome[]; counts: TestCounts | null },
  base: Pick<Baseline, 'failed' | 'counts'>,
  flaky: Named[],
): NonNullable<TestIntegrity['known']> {
  const failing = run.tests.filter(({ status }) => status === 'failed');
  if (failing.length === 0 && run.tests.length === 0)
    return { red: Math.min(run.counts?.failed ?? 0, base.counts?.failed ?? 0), flaky: 0, names: [] };
  const keys = (tests: Named[]): Set<string> => new Set(tests.map(keyOf));
  const [redKeys, flakyKeys] = [keys(base.failed), keys(flaky)];
  const red = failing.filter((test) => redKeys.has(keyOf(test)));
  const unsteady = failing.filter((test) => !redKeys.has(keyOf(test)) && flakyKeys.has(keyOf(test)));
  const names = [...red, ...unsteady].slice(0, 5).map(({ name }) => name.slice(0, 120));
  return { red: red.length, flaky: unsteady.length, names };
}
