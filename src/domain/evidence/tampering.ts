/**
 * Tampering: what a coder's change does to the tests it is judged by, to their settings, or to the CI. Pure.
 *
 * New test files are fine. Everything found here is shown by name, and only a person's approval of exactly it lifts it.
 */
import { isCiPath, isTestSetting, testKeysOf } from '../files';
import type { TestConventions } from '../files';
import { diffsByPath, shownDiff } from './diff-sections';
import { scriptsOf, testScripts } from '../test-scripts';

export interface PathChange {
  path: string;
  /** Digests of the content; null where there is no such file. */
  before: string | null;
  after: string | null;
}
export interface TouchedFile extends PathChange {
  /** Of the artifact that shows what happened to it. */
  digest: string;
}
/** What the Test Auditor does to an old test file beyond the tests that the change turned red. */
export interface ReplacedTests {
  path: string;
  /** Names of tests that were there and are not in the run any more. */
  lost: string[];
  /** Tests are altered that the change did not turn red. */
  isRewritten: boolean;
}
/** Tests of the Test Auditor: their paths and the digest of what each must hold. */
export interface Locked {
  digest: string;
  files: Record<string, string>;
  /** Red tests of the base commit that an updated file may replace. Absent: none. */
  obsolete?: Array<{ file: string; name: string }>;
}
interface Judged {
  changes: PathChange[];
  /** Locked paths whose content is not the locked one any more. */
  unlocked: string[];
  locked: Locked | null;
  /** Each changed package.json before and after, by path. */
  manifests: Readonly<Record<string, { before: string | null; after: string | null }>>;
  /** What the test command and the scripts behind it may call in any of them. */
  called: readonly string[];
  /** True for a file of the base commit that judges: a test, what only tests read, what settings name and commands run. */
  isJudge(path: string): boolean;
  /** True where the build began with no file at all: the first change of a project chooses its settings. */
  fromNothing: boolean;
  runners: Pick<TestConventions, 'protects' | 'manifestKeys'>;
}

export function findTampering(judged: Judged): PathChange[] {
  const { changes, unlocked, locked, fromNothing, manifests } = judged;
  const isLocked = (path: string): boolean => Object.hasOwn(locked?.files ?? {}, path);
  const found = changes.filter(({ path, before }) => {
    if (isLocked(path)) return unlocked.includes(path);
    if (Object.hasOwn(manifests, path)) return before !== null && changesTests(manifests[path], judged);
    if (before !== null) return judged.isJudge(path) || isCiPath(path);
    // A new file has no reader yet: a runner takes its settings by their names.
    return (isTestSetting(path, judged.runners) || isCiPath(path)) && !fromNothing;
  });
  // A locked test that is as it was at the base, or gone, differs from its lock all the same.
  const rest = unlocked.filter((path) => !found.some((one) => one.path === path));
  return [...found, ...rest.map((path) => ({ path, before: null, after: null }))];
}

function changesTests(
  { before, after }: { before: string | null; after: string | null } = { before: null, after: null },
  { called, runners: { manifestKeys } }: Pick<Judged, 'called' | 'runners'>,
): boolean {
  const scripts = testScripts({ base: scriptsOf(before), changed: scriptsOf(after), words: called });
  return testKeysOf(before, { scripts, manifestKeys }) !== testKeysOf(after, { scripts, manifestKeys });
}

/** As commit 0956107 wrote it: approvals of that time name the digest of this text. */
export function formerTamperingText(found: PathChange[]): string {
  return JSON.stringify(found.map(({ path, after }) => [path, after]).sort());
}

/**
 * All that a person judges, and nothing else: its digest is what an approval names. Findings show one file each; approvals of
 * workers before that name a text of all files. Paths in order; contents by git's id, so that the digest covers what a cut diff
 * does not show. `diff` is the unified text of the whole change.
 */
export function tamperingText(found: PathChange[], { locked, diff }: { locked: Locked | null; diff: string }): string {
  const sections = diffsByPath(diff);
  const files = [...found]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, before, after }) => ({
      ...{ path, what: whatHappened({ path, before, after }), before, after },
      locked: locked !== null && Object.hasOwn(locked.files, path) ? locked.files[path] : null,
      diff: shownDiff(sections.get(path), { before, after }),
    }));
  return JSON.stringify(
    { gate: 'tampering', about: 'what the change does to the things it is judged by', files },
    null,
    1,
  );
}

function whatHappened({ before, after }: PathChange): string {
  if (after === null) return before === null ? 'differs from its lock' : 'deleted';
  return before === null ? 'added' : 'changed';
}

/** The digest stands before the path: wherever the text is cut, what an approval has to name is still there. */
export function describeTampering(file: TouchedFile): string {
  return `tampering with what judges the change (digest ${file.digest}): ${describeTouched(file)}; undo it, or have it approved (gate tampering)`;
}

/** `test/a.test.js deleted`. */
export function describeTouched(file: PathChange): string {
  return `${file.path} ${whatHappened(file)}`;
}
