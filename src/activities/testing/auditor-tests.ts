/**
 * Publishes the Test Auditor's tests as a commit: new tests, and old tests whose expectation a criterion of the plan replaces.
 */
import type { OldTest } from '../../domain/context';
import { keyOf } from '../../domain/evidence/baseline';
import type { Named } from '../../domain/evidence/criteria';
import { Failure } from '../../domain/failures';
import type { PathChange } from '../../domain/evidence/tampering';
import type { FileChange, TreeAt } from '../../ports/workspace';
import type { PhaseTask } from '../contract';
import type { Locked } from '../../domain/evidence/tampering';
import type { Deps } from '../deps';
import type { PhaseOutput } from '../outputs';
import { CODE } from '../../inspect/judges/graph';
import { runReader } from '../run-reader';
import { foreignPaths } from './auditor-paths';
import { checkOrigins } from './origins';
import type { Measured } from './measure';

export interface AddedTests {
  /** The commit with the tests; the commit before it where none was added. */
  commit: string;
  files: FileChange[];
  /** Paths that the Test Auditor must not write. */
  foreign: string[];
  /** Lines that skip other tests, such as `test.only`: path, line and text. */
  leftOut: string[];
  /** The reason why nothing was published; null where there is none. */
  refused: string | null;
  /** Old tests that the change turned red, and that the updated files may replace. */
  obsolete: Named[];
}
interface AuditorTests {
  /** The commit at which the auditor began. */
  commit: string;
  /** The commit that the auditor has published earlier in this attempt. */
  published: string | undefined;
  /** The draft commit with the changes that the auditor made by its tools. */
  draftCommit: string;
  step: number;
  output: PhaseOutput<'testing'>;
  /** Ids of the plan's criteria. */
  criteria: string[];
  /** The test run before the auditor's answer; undefined where none was made. */
  firstRun: FirstRun | undefined;
  /** The auditor's tests from an earlier attempt. */
  locked: Locked | null;
  /** The old tests that the first message showed to the auditor. */
  oldTests: OldTest[];
}
/** The test run before the auditor's answer. */
export type FirstRun = Pick<Measured, 'evidence' | 'tests' | 'turnedRed' | 'redBefore'>;

/** Gives the files in which the run found tests. */
export function testFilesOf(firstRun: Pick<FirstRun, 'tests'> | null | undefined): string[] {
  return [...new Set(firstRun?.tests.map(({ file }) => file))];
}

export async function publishTests(deps: Deps, task: PhaseTask, offered: AuditorTests): Promise<AddedTests> {
  const { projectId, buildId, requestKey, generation, attempt, turn } = task;
  const { commit, published = commit, output, firstRun, step } = offered;
  const at = { projectId, buildId, requestKey, commit };
  const draft = await draftOf(deps, { ...at, commit: offered.draftCommit }, output);
  if ('refused' in draft) return { ...NO_TESTS, commit, refused: draft.refused };
  const changes = await deps.workspace.contentChanges(at, commit, draft.draftCommit);
  const files = await filesOf(deps, { ...at, commit: draft.draftCommit }, changes);
  const foreign = await foreignPaths(deps, at, { files, testFiles: testFilesOf(firstRun) });
  const refused =
    updateRefusal(offered) ??
    cutRefusal(offered) ??
    unlistedRefusal(offered, changes) ??
    binaryCodeRefusal(changes, files) ??
    (await originRefusal(deps, task, { at, draftCommit: draft.draftCommit }));
  const leftOut = await findSkips(deps, at, files);
  const unpublished: AddedTests = { ...NO_TESTS, commit, foreign, leftOut, refused };
  // Where the new answer has no files but an earlier one was published, another commit removes the earlier files.
  const hasNothingToPublish = files.length === 0 && published === commit;
  if (hasNothingToPublish || foreign.length + leftOut.length > 0 || refused !== null) return unpublished;
  // A second answer in one attempt becomes another commit on top of the first one; its trailer needs the step to differ.
  const stepOfMark = published === commit ? {} : { step };
  const mark = { phase: 'testing' as const, generation, attempt, turn, ...stepOfMark };
  const order = { draftCommit: draft.draftCommit, message: commitMessage(output, files), mark };
  const publishedTests = await deps.workspace.publish({ ...at, commit: published }, order);
  return { ...unpublished, commit: publishedTests.commit, files, obsolete: obsoleteOf(offered) };
}

const NO_TESTS = { files: [], foreign: [], leftOut: [], refused: null, obsolete: [] };

/** Adds the files of the answer to the draft commit of the auditor's tools. */
async function draftOf(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  { tests_added: added, tests_updated: updated }: PhaseOutput<'testing'>,
): Promise<{ draftCommit: string } | { refused: string }> {
  const texts = updated.flatMap(({ path, content }) => (content === null ? [] : [{ path, content }]));
  const files: FileChange[] = [...added, ...texts];
  if (files.length === 0) return { draftCommit: at.commit };
  try {
    return { draftCommit: (await workspace.apply(at, files, 'tests of the Test Auditor')).commit };
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Workspace.PathRefused') throw error;
    return { refused: error.message };
  }
}

/** Reads the changed files from the draft commit. A file that is no text gets the content null, and is not locked. */
async function filesOf(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  changes: readonly PathChange[],
): Promise<FileChange[]> {
  const paths = changes.filter(({ after }) => after !== null).map(({ path }) => path);
  const texts = await workspace.contents(at, paths);
  return changes.map(({ path }) => ({ path, content: texts.get(path) ?? null }));
}

/** Refuses a change of an old test that the answer does not list together with a criterion. */
function unlistedRefusal({ output, locked }: AuditorTests, changes: readonly PathChange[]): string | null {
  const listed = new Set([...output.tests_added, ...output.tests_updated].map(({ path }) => path));
  const ownPaths = Object.keys(locked?.files ?? {});
  const updated = new Set(output.tests_updated.map(({ path }) => path));
  const isListed = ({ path, after }: PathChange): boolean => (after === null ? updated : listed).has(path);
  const unlistedChange = changes.find(
    (change) => change.before !== null && !isListed(change) && !ownPaths.includes(change.path),
  );
  if (unlistedChange === undefined) return null;
  return `${unlistedChange.path} existed before: list it under tests_updated, with the criterion that makes its expectation obsolete`;
}

/** Finds lines that skip other tests. Once such a file is locked, the Code Writer could not remove them. */
async function findSkips(
  deps: Pick<Deps, 'workspace' | 'readers'>,
  at: TreeAt,
  files: readonly FileChange[],
): Promise<string[]> {
  const texts = files.flatMap(({ path, content }) =>
    content === null ? [] : [{ path, before: null, after: content }],
  );
  if (texts.length === 0) return [];
  const skips = await runReader(deps, 'unfair', texts);
  const suspects = texts.filter((_, index) => (skips[index] ?? []).length > 0);
  if (suspects.length === 0) return [];
  const old = await deps.workspace.contents(
    at,
    suspects.map(({ path }) => path),
  );
  // Compared with the old text, lines that were there before do not count.
  const compared = suspects.map((file) => ({ ...file, before: old.get(file.path) ?? null }));
  const found = await runReader(deps, 'unfair', compared);
  return compared.flatMap(({ path }, index) => (found[index] ?? []).map(({ line, says }) => `${path}:${line} ${says}`));
}

/**
 * Gives the old tests of the updated files that fail with the change. Files that the auditor wrote in an earlier attempt do not count:
 * only a person may approve that one of their tests was dropped.
 */
function obsoleteOf({ firstRun, output, locked }: AuditorTests): Named[] {
  const { tests, turnedRed, redBefore } = firstRun ?? { tests: [], turnedRed: [], redBefore: [] };
  const ownPaths = Object.keys(locked?.files ?? {});
  const paths = new Set(output.tests_updated.map(({ path }) => path).filter((path) => !ownPaths.includes(path)));
  // If the runner names no files, the test may be in any of the updated files.
  const isReplaced = ({ file }: Named): boolean => paths.has(file) || (file === '' && paths.size > 0);
  const statuses = new Map(tests.map((test) => [keyOf(test), test.status]));
  const passing = new Set(tests.filter(({ status }) => status === 'passed').map(({ file }) => file));
  const isRed = (test: Named): boolean => {
    const status = statuses.get(keyOf(test));
    // The run names no tests of a file that does not load with the change.
    return status === 'failed' || (status === undefined && test.file !== '' && !passing.has(test.file));
  };
  return [...turnedRed, ...redBefore]
    .filter((test) => isReplaced(test) && isRed(test))
    .map(({ file, name }) => ({ file, name }));
}

/**
 * Refuses an update of an old test file without a criterion of the plan, or where no test of the file is red with the change and the
 * auditor has not updated the file before.
 */
function updateRefusal({ output, criteria, firstRun, locked }: AuditorTests): string | null {
  const red = [...(firstRun?.turnedRed ?? []), ...(firstRun?.redBefore ?? [])];
  const ownPaths = Object.keys(locked?.files ?? {});
  const files = new Set([...red.map(({ file }) => file), ...ownPaths]);
  const hasFileNames = red.some(({ file }) => file !== '');
  for (const { path, criterion_id: id } of output.tests_updated) {
    if (!criteria.includes(id)) return `${path} was updated for the criterion ${id}, which the plan does not have`;
    if (hasFileNames && !files.has(path)) return `${path} was updated, but the change turned none of its tests red`;
    if (red.length === 0 && !files.has(path)) return `${path} was updated, but the change turned no old test red`;
  }
  return null;
}

/** Refuses code that git treats as binary: no gate could read it, and it could not be locked. */
function binaryCodeRefusal(changes: readonly PathChange[], files: readonly FileChange[]): string | null {
  const texts = new Set(files.filter(({ content }) => content !== null).map(({ path }) => path));
  const binaryFile = changes.find(({ path, after }) => after !== null && CODE.test(path) && !texts.has(path));
  return binaryFile === undefined
    ? null
    : `${binaryFile.path} is code, but git treats it as binary: it has a NUL character, or is too large`;
}

/** Refuses code of unknown origin before a test run installs or starts it. */
async function originRefusal(
  deps: Deps,
  task: PhaseTask,
  { at, draftCommit }: { at: TreeAt; draftCommit: string },
): Promise<string | null> {
  const { objections } = await checkOrigins(deps, task, { base: at.commit, commit: draftCommit });
  return objections.length === 0 ? null : objections.join('; ');
}

/** Refuses a whole new text for a file of which the Test Auditor saw only a part: it would drop tests that it has not seen. */
function cutRefusal({ oldTests, output }: AuditorTests): string | null {
  const whole = [...output.tests_added, ...output.tests_updated].filter(({ content }) => content !== null);
  const cutTest = oldTests.find((test) => test.missingChars > 0 && whole.some(({ path }) => path === test.path));
  if (cutTest === undefined) return null;
  const { path, missingChars } = cutTest;
  return `${path} was replaced whole, but ${missingChars} of its characters were not shown to the Test Auditor; change it with the tool edit, or put the new test into a new file`;
}

function commitMessage({ tests_updated: updated }: PhaseOutput<'testing'>, files: FileChange[]): string {
  const updatedCount = files.filter(({ path }) => updated.some((test) => test.path === path)).length;
  const addedText = `Test Auditor adds ${files.length - updatedCount} test files`;
  return updatedCount === 0 ? addedText : `${addedText} and updates ${updatedCount}`;
}
