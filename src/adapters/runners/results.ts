/**
 * From the records of reporters, report files and the output of one run: its tests, counts and failures, each counted once. Pure.
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
  /** Results of these files only. */
  only: string[] | undefined;
}
type Results = Pick<TestRun, 'runner' | 'tests' | 'counts' | 'failing' | 'failures' | 'sentinel'>;

export function resultsOf(sources: Sources): Results {
  const { records, locate, only } = sources;
  const all = saidOnce(sources).map((one) => located(one, locate));
  const said = only === undefined ? all : all.map((one) => onlyIn(one, only));
  const failed = said.flatMap((one) => one.failed);
  const names = [...new Set(said.map(({ runner }) => runner))];
  return {
    runner: names.length === 0 ? 'command' : names.sort().join('+'),
    tests: said.flatMap(({ tests }) => tests),
    counts: said.length === 0 ? null : addUp(said.map(({ counts }) => counts)),
    failing: [...new Set(failed.map(shown))].slice(0, 20),
    failures: failuresOf(failed),
    sentinel: records.tests.size === 0 ? null : { kept: records.broken === undefined, reason: records.broken ?? '' },
  };
}

/** A runner's own record says most, then its report files, then what it printed. A reporter that heard no test says nothing. */
function saidOnce({ records, reports, output }: Sources): SaidBy[] {
  const hasPrinted = (name: string): boolean =>
    output.some(({ runner, counts }) => runner === name && counts.total > 0);
  const heard = [...records.tests].filter(([runner]) => records.heard.has(runner) || !hasPrinted(runner));
  const recorded = heard.map(([runner, tests]) => saidOf(runner, tests));
  const printed = output.filter(({ runner }) => !heard.some(([name]) => name === runner));
  const namesOf = (said: SaidBy[]): Set<string> => new Set(said.flatMap(({ tests }) => tests.map(lastName)));
  const [names, inTap] = [namesOf(recorded), namesOf(printed.filter(({ runner }) => runner === 'tap'))];
  const files = reports
    .filter(({ runner, tests }) => !isKnown(tests, names) && !(runner === 'tap' && isKnown(tests, inTap)))
    .map(({ runner, tests }) => saidOf(runner, tests));
  return [...recorded, ...files, ...printed.filter((one) => !isReported(one, files))];
}

function saidOf(runner: string, tests: TestCase[]): SaidBy {
  return { runner, tests, counts: countsOf(tests), failed: tests.filter(({ status }) => status === 'failed') };
}

/** A report of the same tests, such as the JUnit file of a runner whose reporter has spoken. */
function isKnown(tests: TestCase[], names: ReadonlySet<string>): boolean {
  const known = tests.filter((test) => names.has(lastName(test))).length;
  return tests.length > 0 && known * 2 > tests.length;
}

/** What was printed of the tests in report files is not counted again; what has failed beyond them is. */
function isReported({ counts }: SaidBy, files: SaidBy[]): boolean {
  if (files.length === 0) return false;
  const inFiles = addUp(files.map((one) => one.counts));
  return counts.total <= inFiles.total && counts.failed <= inFiles.failed;
}

function lastName({ name }: TestCase): string {
  return name.split(/ > |::| › |\.(?=\w+$)/).at(-1) ?? name;
}

function located(said: SaidBy, locate: Sources['locate']): SaidBy {
  const tests = said.tests.map(locate);
  // Failing tests that are among the named ones are told as these are.
  const failed = tests.length > 0 ? tests.filter(({ status }) => status === 'failed') : said.failed.map(locate);
  return { ...said, tests, failed: failed.length > 0 ? failed : said.failed.map(locate) };
}

/** Where a run names files, tests of other files say nothing of these. */
function onlyIn(said: SaidBy, only: string[]): SaidBy {
  const namesFiles = said.tests.some(({ file }) => only.includes(file));
  if (!namesFiles) return said;
  return saidOf(
    said.runner,
    said.tests.filter(({ file }) => only.includes(file)),
  );
}

function shown({ name, file }: TestCase): string {
  return (name === '(file)' ? `${file} did not run` : name).replace(/\s+/g, ' ').slice(0, 200);
}
