/**
 * Adds a comment to each changed source file and a statement without effect to each changed function, and runs the tests. A test that
 * fails then would fail at any break, for example because it compares the text of the source, so later experiments ignore it.
 *
 * It also tries whether the runner takes the names of test files. If it does, later experiments on a slow suite run only the tests of
 * the change, and a run of all test files replaces a command that fails before its tests.
 */
import { compare, referenceOf } from '../../domain/experiments/compare';
import type { Reference } from '../../domain/experiments/compare';
import { withComment } from '../../domain/experiments/comment';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import { directCommand } from '../../inspect/project/direct-command';
import type { LaidFile, TestRun } from '../../ports/test-runner';
import type { Series } from './run-experiment';
import { longerLimit, runWithLaidFiles } from './run-experiment';
import { filesOfChange, methodByFiles } from './method-by-files';
import type { Subject } from './subject';
import { manifestOf, seriesWithoutChecks } from './without-checks';

export interface CommentResult {
  /** The series of the next experiments and the reference of their results. */
  seriesToUse: Pick<Subject, 'reference' | 'allTests' | 'series'>;
  /** False where the comment, which breaks nothing, already changes every result: failing tests would then show nothing. */
  isUsable: boolean;
  findings: ExperimentFinding[];
  notes: string[];
}

/** A suite that takes less time is always run completely, in milliseconds. */
export const FAST_MS = 3_000;

export async function tryComment(subject: Subject): Promise<CommentResult> {
  const { reference, series, candidate } = subject;
  const commented = commentedFiles(subject);
  const isSlow = candidate.run.durationMs >= FAST_MS;
  const filesResult = isSlow ? await runByFiles(subject, commented, await filesOfChange(subject)) : undefined;
  if (filesResult !== undefined) return filesResult;
  const seriesToUse = withAllTests(series, reference);
  const unchangedResult: CommentResult = { seriesToUse: seriesToUse, isUsable: true, findings: [], notes: [] };
  if (commented.length === 0) return unchangedResult;
  const directResult = await runWithoutPackageManager(subject, commented);
  if (directResult !== undefined) return directResult;
  const commentedRun = await runAndCount(series, commented);
  const { outcome } = compare(reference, commentedRun);
  if (outcome === 'unnoticed') return unchangedResult;
  const uncheckedResult = await runWithoutStyleChecks(subject, commented);
  if (uncheckedResult !== undefined) return uncheckedResult;
  if (outcome === 'noticed') return dropTestsThatFailTwice(subject, commented, commentedRun);
  const testFilesOnly = await runTestFilesOnly(subject);
  if (testFilesOnly !== undefined)
    return { ...unchangedResult, seriesToUse: withAllTests(testFilesOnly.series, testFilesOnly.reference) };
  const notes = [
    'the test command stops before its tests if a comment is added, and its runner does not take the names of test files',
  ];
  return { ...unchangedResult, isUsable: false, findings: [silentFinding(commented)], notes };
}

/** Runs the command of the package.json script without the package manager; undefined where this run passes other tests. */
async function runWithoutPackageManager(
  { series, reference, candidate }: Subject,
  commented: LaidFile[],
): Promise<CommentResult | undefined> {
  const command = directCommand(series.method.choice.command, (await manifestOf(series)).text);
  if (command === undefined) return undefined;
  const directSeries: Series = {
    ...series,
    method: { ...series.method, choice: { ...series.method.choice, command } },
    isDirect: true,
  };
  const directRun = await runAndCount(directSeries, commented);
  const own = referenceOf(directRun, candidate.known);
  const isSame =
    own.passed.size === reference.passed.size && [...own.passed.keys()].every((key) => reference.passed.has(key));
  if (!isSame || own.passed.size === 0 || directRun.exitCode !== reference.exitCode) return undefined;
  const seriesToUse = { reference: own, series: directSeries, allTests: { series, reference } };
  return { seriesToUse, isUsable: true, findings: [], notes: [] };
}

/** Leaves the style checks out of the test command; undefined if the comment still changes the results. */
async function runWithoutStyleChecks(subject: Subject, commented: LaidFile[]): Promise<CommentResult | undefined> {
  const withoutChecks = await seriesWithoutChecks(subject);
  if (withoutChecks === undefined) return undefined;
  const { outcome } = compare(withoutChecks.reference, await runAndCount(withoutChecks.series, commented));
  if (outcome !== 'unnoticed') return undefined;
  const notes = ['experiments leave out the style checks that the test command runs in addition to the tests'];
  return {
    seriesToUse: withAllTests(withoutChecks.series, withoutChecks.reference),
    isUsable: true,
    findings: [],
    notes,
  };
}

function silentFinding([file]: LaidFile[]): ExperimentFinding {
  const says =
    'the test command runs no test if a comment is added to the change, so experiments cannot show what its tests notice';
  return { kind: 'nothing_asked', path: file?.path ?? '', line: 1, says, mender: 'person' };
}

/** Runs all test files by name, without the other steps of the test command; undefined where this run passes other tests. */
export async function runTestFilesOnly(
  subject: Subject,
): Promise<{ reference: Reference; series: Series } | undefined> {
  const files = [...new Set(subject.candidate.run.tests.map(({ file }) => file))].filter((file) => file !== '');
  const filesResult = await runByFiles(subject, commentedFiles(subject), files);
  return filesResult === undefined ? undefined : filesResult.seriesToUse;
}

function commentedFiles({ material }: Subject): LaidFile[] {
  return material.sources.flatMap(({ path, after }): LaidFile[] => {
    const unitsOfFile = material.units.filter((unit) => unit.path === path);
    const text = withComment(path, after, unitsOfFile);
    return text === undefined ? [] : [{ path, text }];
  });
}

/** Removes from the reference the tests that fail with the comment in two runs. */
async function dropTestsThatFailTwice(subject: Subject, commented: LaidFile[], first: TestRun): Promise<CommentResult> {
  const { series, candidate, reference: earlierReference } = subject;
  const second = await runAndCount(series, commented);
  const passedKeys = [first, second].map((run) => referenceOf(run, candidate.known).passed);
  const stillPassing = [...earlierReference.passed].filter(([key]) => passedKeys.some((keys) => keys.has(key)));
  const lostCount = earlierReference.passed.size - stillPassing.length;
  const reference: Reference = {
    ...earlierReference,
    passed: new Map(stillPassing),
    exitCode: second.exitCode,
    counts: second.counts,
  };
  const seriesToUse = withAllTests(series, reference);
  if (lostCount === 0 && compare(earlierReference, second).outcome === 'unnoticed')
    return { seriesToUse: withAllTests(series, earlierReference), isUsable: true, findings: [], notes: [] };
  const isUsable = stillPassing.length > 0;
  if (isUsable) {
    const notes = [`${lostCount} tests fail if a comment is added to the changed files; experiments leave them out`];
    return { seriesToUse: seriesToUse, isUsable, findings: [], notes };
  }
  const path = commented[0]?.path ?? '';
  const says =
    'a comment at the end of the changed files turns every test red, so a test that fails at a break shows nothing';
  const finding: ExperimentFinding = { kind: 'comment_turns_red', path, line: 1, says, mender: 'code_writer' };
  return { seriesToUse: seriesToUse, isUsable, findings: [finding], notes: [] };
}

/** Runs only these test files; undefined where the runner takes no file names, or where the results differ from the complete run. */
async function runByFiles(
  subject: Subject,
  commented: LaidFile[],
  files: string[],
): Promise<CommentResult | undefined> {
  const { series, candidate, reference } = subject;
  const method = await methodByFiles(subject, files);
  if (method === undefined) return undefined;
  const run = await runAndCount({ ...series, method }, commented);
  const filesReference = referenceOf(run, candidate.known);
  const isSound =
    filesReference.passed.size > 0 &&
    run.exitCode === 0 &&
    [...filesReference.passed.keys()].every((key) => reference.passed.has(key));
  if (!isSound) return undefined;
  const notes = [
    `experiments run ${files.length} test files by name; a result that would become a finding is checked with all tests`,
  ];
  const seriesToUse = { reference: filesReference, series: { ...series, method }, allTests: { series, reference } };
  return { seriesToUse, isUsable: true, findings: [], notes };
}

function withAllTests(series: Series, reference: Reference): CommentResult['seriesToUse'] {
  return { series, reference, allTests: { series, reference } };
}

/** Runs the tests and counts the run. Nothing is broken, so a timeout means that the machine is busy; the limit is then raised. */
async function runAndCount(series: Series, commented: LaidFile[]): Promise<TestRun> {
  series.clock.countRun();
  const run = await runWithLaidFiles(series, commented);
  const longerSeries = longerLimit(series);
  return run.timedOut && longerSeries !== undefined ? runAndCount(longerSeries, commented) : run;
}
