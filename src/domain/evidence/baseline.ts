/**
 * The base commit's own tests, and what a run of the candidate is held against. Pure.
 *
 * A test that fails at the base, or fails in one of two runs, is known: it holds no change back.
 */
import type { Named } from './criteria';
import type { TestCounts, TestIntegrity } from './evidence';

export interface Ran extends Named {
  status: string;
}

/** What two runs of the base commit made of its tests; one where the first had nothing red. */
export interface Baseline {
  passed: Named[];
  /** Failed each time. */
  failed: Named[];
  /** Passed once and failed once. */
  flaky: Named[];
  /** Of the last run; null where the report could not be read. */
  counts: TestCounts | null;
}

interface Seen {
  /** The run names the test. */
  isThere: boolean;
  /** Fewer tests of its file ran than at the base. */
  isShorter: boolean;
}

/** Tests that may be missing or red though they passed at the base. */
export interface Excused {
  /** Where the tests of a file that was moved are now, by their old path. */
  moved: ReadonlyMap<string, string>;
  /** True for a test that the change may lose. */
  mayBeLost(test: Named, seen: Seen): boolean;
}

/** Parts of a name that differ from run to run, or with each line above: the place of an example, a time, a random id. */
const VOLATILE =
  /\(line \d+\)|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b1[5-9]\d{8}(?:\d{3})?\b/g;

/** What makes two tests of two runs the same one. Those that only such a part tells apart are one. */
export const keyOf = ({ file, name }: Named): string => `${file}\n${name.replace(VOLATILE, '#')}`;

/** From one or two runs of the same commit. */
export function baselineOf(runs: Array<{ tests: Ran[]; counts: TestCounts | null }>): Baseline {
  const outcomes = new Map<string, { test: Named; statuses: Set<string> }>();
  for (const { file, name, status } of runs.flatMap(({ tests }) => tests)) {
    const seen = outcomes.get(keyOf({ file, name })) ?? { test: { file, name }, statuses: new Set() };
    seen.statuses.add(status);
    outcomes.set(keyOf({ file, name }), seen);
  }
  const of = (wanted: (statuses: Set<string>) => boolean): Named[] =>
    [...outcomes.values()].filter(({ statuses }) => wanted(statuses)).map(({ test }) => test);
  return {
    passed: of((statuses) => statuses.has('passed') && !statuses.has('failed')),
    failed: of((statuses) => statuses.has('failed') && !statuses.has('passed')),
    flaky: of((statuses) => statuses.has('failed') && statuses.has('passed')),
    counts: runs.at(-1)?.counts ?? null,
  };
}

/** The tests of the base; of a caller that knows only what passed, the rest is absent. */
type OldNames = Pick<Baseline, 'passed'> & Partial<Pick<Baseline, 'failed' | 'flaky'>>;

/** The last part of a name with its groups. */
const ownName = (name: string): string => name.split(/ [>›] /).at(-1) ?? name;

/** Where a test of the base is now, among `tests`: a class that was renamed with its file stands before the names of its tests. */
export function movedTest(test: Named, moved: Excused['moved'], tests: Named[]): Named {
  const file = moved.get(test.file);
  if (file === undefined) return test;
  const name = withoutClass(test.name, test.file);
  const now = tests.find((one) => one.file === file && withoutClass(one.name, file) === name);
  return { file, name: now?.name ?? test.name };
}

/** `x.SumTest > adds` of SumTest.java without `x.SumTest`. */
function withoutClass(name: string, file: string): string {
  const own = file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const [first = '', ...more] = name.split(/(?=[ $])/);
  return first === own || first.endsWith(`.${own}`) ? more.join('') : name;
}

/** Tests that passed at the base and do not pass now, but for what is excused. */
export function lostTests(tests: Ran[], base: OldNames, excused: Excused): Named[] {
  const isShorter = shorterFiles(tests, base);
  const named = new Set(tests.map(keyOf));
  const passed = tests.filter(({ status }) => status === 'passed');
  const passing = new Set(passed.map(keyOf));
  // A runner that names no files may put one before the name once there are several.
  const bare = new Set(passed.map(({ name }) => ownName(name)));
  return base.passed.filter((test) => {
    if (test.file === '' && bare.has(ownName(test.name))) return false;
    const is = movedTest(test, excused.moved, tests);
    const now = keyOf(is);
    return (
      !passing.has(now) &&
      !excused.mayBeLost(test, { isThere: named.has(now), isShorter: isShorter(test.file, is.file) })
    );
  });
}

/**
 * True for a file of the base, by where it is now, of which fewer tests ran than at the base. Of a runner that names no files
 * the whole run is counted.
 */
export function shorterFiles(tests: Ran[], { passed, failed = [], flaky = [] }: OldNames) {
  const before = byFile([...passed, ...failed, ...flaky]);
  const ran = tests.filter(({ status }) => status === 'passed' || status === 'failed');
  const after = byFile(ran);
  const all = new Set(ran.map(keyOf)).size;
  return (file: string, now = file): boolean => {
    const count = file === '' ? all : (after.get(now)?.size ?? 0);
    return count < (before.get(file)?.size ?? 0);
  };
}

function byFile(tests: Named[]): Map<string, Set<string>> {
  const files = new Map<string, Set<string>>();
  for (const { file, name } of tests) files.set(file, (files.get(file) ?? new Set()).add(name));
  return files;
}

/**
 * The failing tests of a run that were known before. `flaky`: of the base, and those that passed when the candidate was run
 * again. A run that names no test is held against the base's count.
 */
export function knownFailures(
  run: { tests: Ran[]; counts: TestCounts | null },
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
