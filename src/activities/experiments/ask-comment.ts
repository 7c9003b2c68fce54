/**
 * Adds a comment to each changed source file, and a statement without effect to each changed function, and runs the tests. A test
 * that fails then, for example because it compares the text of the source, would fail at any break, so later experiments ignore it.
 *
 * The same run shows whether test files can be named to the runner. Slow suites then run only the tests of the change, and a command
 * that fails before its tests is replaced by a run of all test files.
 */
import { compare, referenceOf } from '../../domain/experiments/compare';
import type { Reference } from '../../domain/experiments/compare';
import { withComment } from '../../domain/experiments/comment';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import { directCommand } from '../../inspect/project/direct-command';
import type { LaidFile, TestRun } from '../../ports/test-runner';
import type { Series } from './ask';
import { longerLimit, runLaid } from './ask';
import { filesOfChange, methodByFiles } from './method-by-files';
import type { Subject } from './subject';
import { manifestOf, seriesWithoutChecks } from './without-checks';

export interface Comment {
  /** The series of the next experiments and the reference of their results. */
  placed: Pick<Subject, 'reference' | 'whole' | 'series'>;
  /** False where the harmless comment already changes every result, so that failing tests would show nothing. */
  isUsable: boolean;
  findings: ExperimentFinding[];
  notes: string[];
}

/** A suite that takes less time is always run completely, in milliseconds. */
export const FAST_MS = 3_000;

export async function askComment(subject: Subject): Promise<Comment> {
  const { reference, series, candidate } = subject;
  const commented = commentedFiles(subject);
  const isSlow = candidate.run.durationMs >= FAST_MS;
  const selected = isSlow ? await askFiles(subject, commented, await filesOfChange(subject)) : undefined;
  if (selected !== undefined) return selected;
  const placed = placedAt(series, reference);
  const same: Comment = { placed, isUsable: true, findings: [], notes: [] };
  if (commented.length === 0) return same;
  const direct = await askDirect(subject, commented);
  if (direct !== undefined) return direct;
  const run = await counted(series, commented);
  const { outcome } = compare(reference, run);
  if (outcome === 'unnoticed') return same;
  const unchecked = await askUnchecked(subject, commented);
  if (unchecked !== undefined) return unchecked;
  if (outcome === 'noticed') return twiceRed(subject, commented, run);
  const bare = await askBare(subject);
  if (bare !== undefined) return { ...same, placed: placedAt(bare.series, bare.reference) };
  const notes = [
    'the test command stops before its tests where a comment is added, and its tests cannot be run by their files',
  ];
  return { ...same, isUsable: false, findings: [silentFinding(commented)], notes };
}

/** Runs the command of the package.json script without the package manager; undefined where other tests pass then. */
async function askDirect(
  { series, reference, candidate }: Subject,
  commented: LaidFile[],
): Promise<Comment | undefined> {
  const command = directCommand(series.method.choice.command, (await manifestOf(series)).text);
  if (command === undefined) return undefined;
  const direct: Series = {
    ...series,
    method: { ...series.method, choice: { ...series.method.choice, command } },
    isDirect: true,
  };
  const run = await counted(direct, commented);
  const own = referenceOf(run, candidate.known);
  const isSame =
    own.passed.size === reference.passed.size && [...own.passed.keys()].every((key) => reference.passed.has(key));
  if (!isSame || own.passed.size === 0 || run.exitCode !== reference.exitCode) return undefined;
  const placed = { reference: own, series: direct, whole: { series, reference } };
  return { placed, isUsable: true, findings: [], notes: [] };
}

/** Leaves out style checks of the test command; undefined where the comment changes the results also without them. */
async function askUnchecked(subject: Subject, commented: LaidFile[]): Promise<Comment | undefined> {
  const bare = await seriesWithoutChecks(subject);
  if (bare === undefined) return undefined;
  const { outcome } = compare(bare.reference, await counted(bare.series, commented));
  if (outcome !== 'unnoticed') return undefined;
  const notes = ['experiments leave out the checks of style that the test command has beside its tests'];
  return { placed: placedAt(bare.series, bare.reference), isUsable: true, findings: [], notes };
}

function silentFinding([file]: LaidFile[]): ExperimentFinding {
  const says =
    'the test command runs no test where a comment is added to the change: what its tests need cannot be asked';
  return { kind: 'nothing_asked', path: file?.path ?? '', line: 1, says, mender: 'person' };
}

/** Runs all test files by name, without the other steps of the test command; undefined where other tests pass then. */
export async function askBare(subject: Subject): Promise<{ reference: Reference; series: Series } | undefined> {
  const files = [...new Set(subject.candidate.run.tests.map(({ file }) => file))].filter((file) => file !== '');
  const answered = await askFiles(subject, commentedFiles(subject), files);
  return answered === undefined ? undefined : answered.placed;
}

function commentedFiles({ material }: Subject): LaidFile[] {
  return material.sources.flatMap(({ path, after }): LaidFile[] => {
    const own = material.units.filter((unit) => unit.path === path);
    const text = withComment(path, after, own);
    return text === undefined ? [] : [{ path, text }];
  });
}

/** Removes tests that the comment turns red twice from the reference. */
async function twiceRed(subject: Subject, commented: LaidFile[], first: TestRun): Promise<Comment> {
  const { series, candidate, reference: before } = subject;
  const second = await counted(series, commented);
  const passed = [first, second].map((run) => referenceOf(run, candidate.known).passed);
  const left = [...before.passed].filter(([key]) => passed.some((keys) => keys.has(key)));
  const lost = before.passed.size - left.length;
  const reference: Reference = { ...before, passed: new Map(left), exitCode: second.exitCode, counts: second.counts };
  const placed = placedAt(series, reference);
  if (lost === 0 && compare(before, second).outcome === 'unnoticed')
    return { placed: placedAt(series, before), isUsable: true, findings: [], notes: [] };
  const isUsable = left.length > 0;
  if (isUsable) {
    const notes = [`${lost} tests turn red at a comment in the changed files; experiments leave them out`];
    return { placed, isUsable, findings: [], notes };
  }
  const path = commented[0]?.path ?? '';
  const says = 'a comment at the end of the changed files turns every test red: what turns red at a break says nothing';
  const finding: ExperimentFinding = { kind: 'comment_turns_red', path, line: 1, says, mender: 'code_writer' };
  return { placed, isUsable, findings: [finding], notes: [] };
}

/** Runs only these test files; undefined where the runner cannot, or where their results differ from the complete run. */
async function askFiles(subject: Subject, commented: LaidFile[], files: string[]): Promise<Comment | undefined> {
  const { series, candidate, reference } = subject;
  const method = await methodByFiles(subject, files);
  if (method === undefined) return undefined;
  const run = await counted({ ...series, method }, commented);
  const own = referenceOf(run, candidate.known);
  const isSound =
    own.passed.size > 0 && run.exitCode === 0 && [...own.passed.keys()].every((key) => reference.passed.has(key));
  if (!isSound) return undefined;
  const notes = [
    `experiments run ${files.length} test files by name; what would accuse is asked again with the whole suite`,
  ];
  const placed = { reference: own, series: { ...series, method }, whole: { series, reference } };
  return { placed, isUsable: true, findings: [], notes };
}

function placedAt(series: Series, reference: Reference): Comment['placed'] {
  return { series, reference, whole: { series, reference } };
}

/** Runs the tests with the comment. Nothing is broken, so a timeout means that the machine is busy; the limit is then raised. */
async function counted(series: Series, broken: LaidFile[]): Promise<TestRun> {
  series.clock.count();
  const run = await runLaid(series, broken);
  const longer = longerLimit(series);
  return run.timedOut && longer !== undefined ? counted(longer, broken) : run;
}
