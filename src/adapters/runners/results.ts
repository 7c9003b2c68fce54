/**
 * Combines the records of reporters, the report files and the output of one run into its tests, counts and failures. It counts
 * each test once, although several sources may have it. Pure.
 */
import { addUp, countsOf } from '../../inspect/test-output/dialect';
import { failuresOf } from '../../inspect/test-output/failure';
import type { SaidBy } from '../../inspect/test-output/output';
import type { TestCase, TestRun } from '../../ports/test-runner';
import type { Records } from './records';
import type { FileReport } from './report-files';

interface Sources {
  records: Records;
  reports: FileReport[];
  output: SaidBy[];
  locate(test: TestCase): TestCase;
  /** If set: only results of these files count. */
  only: string[] | undefined;
}
type Results = Pick<TestRun, 'runner' | 'tests' | 'counts' | 'failing' | 'failures' | 'sentinel'>;

export function resultsOf(sources: Sources): Results {
  const { records, locate, only } = sources;
  const all = withoutDuplicates(sources).map((results) => addLocations(results, locate));
  const chosen = only === undefined ? all : all.map((results) => restrictToFiles(results, only));
  const failed = chosen.flatMap((results) => results.failed);
  const names = [...new Set(chosen.map(({ runner }) => runner))];
  return {
    runner: names.length === 0 ? 'command' : names.sort().join('+'),
    tests: chosen.flatMap(({ tests }) => tests),
    counts: chosen.length === 0 ? null : addUp(chosen.map(({ counts }) => counts)),
    failing: [...new Set(failed.map(displayName))].slice(0, 20),
    failures: failuresOf(failed),
    sentinel:
      records.tests.size === 0
        ? null
        : { kept: records.incompleteReason === undefined, reason: records.incompleteReason ?? '' },
  };
}

/**
 * Chooses one source for each test: a reporter's record has the most detail, then a report file, then the output. A record
 * without tests is ignored if the output has tests of that runner.
 */
function withoutDuplicates({ records, reports, output }: Sources): SaidBy[] {
  const hasPrinted = (name: string): boolean =>
    output.some(({ runner, counts }) => runner === name && counts.total > 0);
  const usedRecords = [...records.tests].filter(
    ([runner]) => records.runnersWithTests.has(runner) || !hasPrinted(runner),
  );
  const recorded = usedRecords.map(([runner, tests]) => toResults(runner, tests));
  const printed = output.filter(({ runner }) => !usedRecords.some(([name]) => name === runner));
  const namesOf = (all: SaidBy[]): Set<string> => new Set(all.flatMap(({ tests }) => tests.map(lastName)));
  const [names, tapNames] = [namesOf(recorded), namesOf(printed.filter(({ runner }) => runner === 'tap'))];
  const files = reports
    .filter(
      ({ runner, tests }) => !areMostlyKnown(tests, names) && !(runner === 'tap' && areMostlyKnown(tests, tapNames)),
    )
    .map(({ runner, tests }) => toResults(runner, tests));
  return [...recorded, ...files, ...printed.filter((results) => !isInFiles(results, files))];
}

function toResults(runner: string, tests: TestCase[]): SaidBy {
  return { runner, tests, counts: countsOf(tests), failed: tests.filter(({ status }) => status === 'failed') };
}

/** True if most of the tests have known names: such as the JUnit file of a runner whose reporter wrote a record, too. */
function areMostlyKnown(tests: TestCase[], names: ReadonlySet<string>): boolean {
  const known = tests.filter((test) => names.has(lastName(test))).length;
  return tests.length > 0 && known * 2 > tests.length;
}

/** True if printed results add nothing to the report files: neither more tests nor more failures. */
function isInFiles({ counts }: SaidBy, files: SaidBy[]): boolean {
  if (files.length === 0) return false;
  const fileCounts = addUp(files.map((file) => file.counts));
  return counts.total <= fileCounts.total && counts.failed <= fileCounts.failed;
}

function lastName({ name }: TestCase): string {
  return name.split(/ > |::| › |\.(?=\w+$)/).at(-1) ?? name;
}

function addLocations(results: SaidBy, locate: Sources['locate']): SaidBy {
  const tests = results.tests.map(locate);
  // Failures that are among the listed tests are taken from there, with their locations.
  const failed = tests.length > 0 ? tests.filter(({ status }) => status === 'failed') : results.failed.map(locate);
  return { ...results, tests, failed: failed.length > 0 ? failed : results.failed.map(locate) };
}

/** Keeps only the tests of these files, if the results name any of them. */
function restrictToFiles(results: SaidBy, only: string[]): SaidBy {
  const namesFiles = results.tests.some(({ file }) => only.includes(file));
  if (!namesFiles) return results;
  return toResults(
    results.runner,
    results.tests.filter(({ file }) => only.includes(file)),
  );
}

function displayName({ name, file }: TestCase): string {
  return (name === '(file)' ? `${file} did not run` : name).replace(/\s+/g, ' ').slice(0, 200);
}
