/**
 * The Test Auditor's tests become a commit: what it adds, and old tests whose expectation a criterion of the plan replaces.
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
import { foreignIn } from './auditor-paths';
import { checkOrigins } from './origins';
import type { Measured } from './measure';

export interface Added {
  /** With the tests in it, or the one before where none was added. */
  commit: string;
  files: FileChange[];
  /** Paths that are no tests, and why others could not be written. */
  foreign: string[];
  /** Places by which other tests are left out: a path, a line, and what stands there. */
  leftOut: string[];
  refused: string | null;
  /** Old tests that the change turned red, and that the updated files may replace. */
  obsolete: Named[];
}
interface Offered {
  /** Where the auditor began, and what it has published in this attempt. */
  commit: string;
  published: string | undefined;
  /** With what it changed by its tools. */
  tree: string;
  step: number;
  output: PhaseOutput<'testing'>;
  /** Ids of the plan's criteria. */
  criteria: string[];
  /** What ran before; undefined where nothing did. */
  given: Given | undefined;
  /** What the auditor gave in an attempt before. */
  locked: Locked | null;
  /** As the auditor was shown them. */
  oldTests: OldTest[];
}
/** What a run before the auditor's own says. */
export type Given = Pick<Measured, 'evidence' | 'tests' | 'turnedRed' | 'redBefore'>;

/** Files that the runner has taken for tests. */
export function ranIn(given: Pick<Given, 'tests'> | null | undefined): string[] {
  return [...new Set(given?.tests.map(({ file }) => file))];
}

export async function publishTests(deps: Deps, task: PhaseTask, offered: Offered): Promise<Added> {
  const { projectId, buildId, requestKey, generation, attempt, turn } = task;
  const { commit, published = commit, output, given, step } = offered;
  const at = { projectId, buildId, requestKey, commit };
  const made = await treeOf(deps, { ...at, commit: offered.tree }, output);
  if ('refused' in made) return { ...NOTHING, commit, refused: made.refused };
  const changes = await deps.workspace.contentChanges(at, commit, made.tree);
  const files = await filesOf(deps, { ...at, commit: made.tree }, changes);
  const foreign = await foreignIn(deps, at, { files, seen: ranIn(given) });
  const refused =
    refusalOf(offered) ??
    cutRefusal(offered) ??
    unlistedOld(offered, changes) ??
    noText(changes, files) ??
    (await fromElsewhere(deps, task, { at, tree: made.tree }));
  const leftOut = await leftOutBy(deps, at, files);
  const nothing: Added = { ...NOTHING, commit, foreign, leftOut, refused };
  // Without files, what was published before is taken back by another commit.
  const isNothing = files.length === 0 && published === commit;
  if (isNothing || foreign.length + leftOut.length > 0 || refused !== null) return nothing;
  // A second answer in one attempt is another commit, on top of the one that was published for the first.
  const again = published === commit ? {} : { step };
  const mark = { phase: 'testing' as const, generation, attempt, turn, ...again };
  const order = { tree: made.tree, message: describe(output, files), mark };
  const done = await deps.workspace.publish({ ...at, commit: published }, order);
  return { ...nothing, commit: done.commit, files, obsolete: obsoleteOf(offered) };
}

const NOTHING = { files: [], foreign: [], leftOut: [], refused: null, obsolete: [] };

/** The tree with the files of the answer, too. */
async function treeOf(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  { tests_added: added, tests_updated: updated }: PhaseOutput<'testing'>,
): Promise<{ tree: string } | { refused: string }> {
  const texts = updated.flatMap(({ path, content }) => (content === null ? [] : [{ path, content }]));
  const files: FileChange[] = [...added, ...texts];
  if (files.length === 0) return { tree: at.commit };
  try {
    return { tree: (await workspace.apply(at, files, 'tests of the Test Auditor')).commit };
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Workspace.PathRefused') throw error;
    return { refused: error.message };
  }
}

/** As they stand in the tree, whichever way they came there. What is no text has neither text nor a lock. */
async function filesOf(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  changes: readonly PathChange[],
): Promise<FileChange[]> {
  const paths = changes.filter(({ after }) => after !== null).map(({ path }) => path);
  const texts = await workspace.contents(at, paths);
  return changes.map(({ path }) => ({ path, content: texts.get(path) ?? null }));
}

/** An old test may change only for a criterion, which the answer must name. */
function unlistedOld({ output, locked }: Offered, changes: readonly PathChange[]): string | null {
  const listed = new Set([...output.tests_added, ...output.tests_updated].map(({ path }) => path));
  const own = Object.keys(locked?.files ?? {});
  const updated = new Set(output.tests_updated.map(({ path }) => path));
  const isListed = ({ path, after }: PathChange): boolean => (after === null ? updated : listed).has(path);
  const found = changes.find((change) => change.before !== null && !isListed(change) && !own.includes(change.path));
  if (found === undefined) return null;
  return `${found.path} was there before: list it under tests_updated, with the criterion that makes its expectation obsolete`;
}

/** A lock would keep them from the Code Writer, and hold for tests that come later, too. */
async function leftOutBy(
  deps: Pick<Deps, 'workspace' | 'readers'>,
  at: TreeAt,
  files: readonly FileChange[],
): Promise<string[]> {
  const given = files.flatMap(({ path, content }) =>
    content === null ? [] : [{ path, before: null, after: content }],
  );
  if (given.length === 0) return [];
  const alone = await runReader(deps, 'unfair', given);
  const suspects = given.filter((_, at) => (alone[at] ?? []).length > 0);
  if (suspects.length === 0) return [];
  const old = await deps.workspace.contents(
    at,
    suspects.map(({ path }) => path),
  );
  const beside = suspects.map((file) => ({ ...file, before: old.get(file.path) ?? null }));
  const found = await runReader(deps, 'unfair', beside);
  return beside.flatMap(({ path }, at) => (found[at] ?? []).map(({ line, says }) => `${path}:${line} ${says}`));
}

/**
 * Tests of the updated files that fail with the change. A file of the auditor's own says nothing of the change: a test that it
 * dropped there, or turned red itself, is a person's to let go.
 */
function obsoleteOf({ given, output, locked }: Offered): Named[] {
  const { tests, turnedRed, redBefore } = given ?? { tests: [], turnedRed: [], redBefore: [] };
  const own = Object.keys(locked?.files ?? {});
  const paths = new Set(output.tests_updated.map(({ path }) => path).filter((path) => !own.includes(path)));
  // A runner that names no files leaves open which one a test stands in.
  const isReplaced = ({ file }: Named): boolean => paths.has(file) || (file === '' && paths.size > 0);
  const statuses = new Map(tests.map((test) => [keyOf(test), test.status]));
  const passing = new Set(tests.filter(({ status }) => status === 'passed').map(({ file }) => file));
  const isRed = (test: Named): boolean => {
    const status = statuses.get(keyOf(test));
    // Of a file that does not load with the change, no old test is named.
    return status === 'failed' || (status === undefined && test.file !== '' && !passing.has(test.file));
  };
  return [...turnedRed, ...redBefore]
    .filter((test) => isReplaced(test) && isRed(test))
    .map(({ file, name }) => ({ file, name }));
}

/**
 * An old test may be updated only where one of its file is red with the change, or the auditor updated the file before, and for a
 * criterion of the plan.
 */
function refusalOf({ output, criteria, given, locked }: Offered): string | null {
  const red = [...(given?.turnedRed ?? []), ...(given?.redBefore ?? [])];
  const own = Object.keys(locked?.files ?? {});
  const files = new Set([...red.map(({ file }) => file), ...own]);
  const named = red.some(({ file }) => file !== '');
  for (const { path, criterion_id: id } of output.tests_updated) {
    if (!criteria.includes(id)) return `${path} was updated for the criterion ${id}, which is none of the plan`;
    if (named && !files.has(path)) return `${path} was updated, but the change turned none of its tests red`;
    if (red.length === 0 && !files.has(path)) return `${path} was updated, but the change turned no old test red`;
  }
  return null;
}

/** Code that is no text for git would be looked at by nothing, and locked by nothing. */
function noText(changes: readonly PathChange[], files: readonly FileChange[]): string | null {
  const texts = new Set(files.filter(({ content }) => content !== null).map(({ path }) => path));
  const odd = changes.find(({ path, after }) => after !== null && CODE.test(path) && !texts.has(path));
  return odd === undefined ? null : `${odd.path} is code and no text: it holds a NUL, or is too large`;
}

/** Judged before it is measured: nothing of it may be installed, or change how programs are started. */
async function fromElsewhere(
  deps: Deps,
  task: PhaseTask,
  { at, tree }: { at: TreeAt; tree: string },
): Promise<string | null> {
  const { objections } = await checkOrigins(deps, task, { base: at.commit, commit: tree });
  return objections.length === 0 ? null : objections.join('; ');
}

/** The Test Auditor saw only a part of the file: a whole answer would drop tests that it does not know. */
function cutRefusal({ oldTests, output }: Offered): string | null {
  const whole = [...output.tests_added, ...output.tests_updated].filter(({ content }) => content !== null);
  const cut = oldTests.find((one) => one.missingChars > 0 && whole.some(({ path }) => path === one.path));
  if (cut === undefined) return null;
  const { path, missingChars } = cut;
  return `${path} was replaced whole, but ${missingChars} of its characters were not shown to the Test Auditor; change it with the tool edit, or put a new test into a file of its own`;
}

function describe({ tests_updated: updated }: PhaseOutput<'testing'>, files: FileChange[]): string {
  const old = files.filter(({ path }) => updated.some((one) => one.path === path)).length;
  const adds = `Test Auditor adds ${files.length - old} test files`;
  return old === 0 ? adds : `${adds} and updates ${old}`;
}
