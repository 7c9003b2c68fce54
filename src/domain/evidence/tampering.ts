/**
 * Tampering: changes of the Code Writer to the tests that judge it, to their settings, or to the CI. Pure.
 *
 * New test files are allowed. Each file found here is listed by name and passes only if a person approves exactly that change.
 */
import { isCiPath, isTestSetting, testKeysOf } from '../files';
import type { TestConventions } from '../files';
import { diffsByPath, shownDiff } from './diff-sections';
import { scriptsOf, testScripts } from '../test-scripts';

export interface PathChange {
  path: string;
  /** Git ids of the content; null if the file does not exist. */
  before: string | null;
  after: string | null;
}
export interface TouchedFile extends PathChange {
  /** Digest of the artifact that shows the change. */
  digest: string;
}
/** A Test Auditor's changes to an existing test file, apart from the tests that the change made fail. */
export interface ReplacedTests {
  path: string;
  /** Names of tests that existed and are missing from the run now. */
  lost: string[];
  /** True if tests were altered that the change did not make fail. */
  isRewritten: boolean;
}
/** The locked tests of the Test Auditor: their paths and the digest of each content. */
export interface Locked {
  digest: string;
  files: Record<string, string>;
  /** Tests of the base commit that fail now and that an updated file may replace. Absent: none. */
  obsolete?: Array<{ file: string; name: string }>;
}
interface TamperingInput {
  changes: PathChange[];
  /** Locked paths whose content differs from the locked content. */
  unlocked: string[];
  locked: Locked | null;
  /** The text of each changed package.json before and after, by path. */
  manifests: Readonly<Record<string, { before: string | null; after: string | null }>>;
  /** The words that the test command and the scripts behind it may call in a package.json. */
  called: readonly string[];
  /** True for a file of the base commit that affects judging: a test, a file that only tests read, or one that settings or commands name. */
  isJudge(path: string): boolean;
  /** True if the build began without any file: then the first change may choose the project's settings. */
  beganEmpty: boolean;
  runners: Pick<TestConventions, 'protects' | 'manifestKeys'>;
}

export function findTampering(input: TamperingInput): PathChange[] {
  const { changes, unlocked, locked, beganEmpty, manifests } = input;
  const isLocked = (path: string): boolean => Object.hasOwn(locked?.files ?? {}, path);
  const found = changes.filter(({ path, before }) => {
    if (isLocked(path)) return unlocked.includes(path);
    if (Object.hasOwn(manifests, path)) return before !== null && changesTests(manifests[path], input);
    if (before !== null) return input.isJudge(path) || isCiPath(path);
    // Nothing reads a new file yet, except a runner that looks for settings by name.
    return (isTestSetting(path, input.runners) || isCiPath(path)) && !beganEmpty;
  });
  // Also report locked files that did not change in git but differ from their lock.
  const unchangedButUnlocked = unlocked.filter((path) => !found.some((one) => one.path === path));
  return [...found, ...unchangedButUnlocked.map((path) => ({ path, before: null, after: null }))];
}

function changesTests(
  { before, after }: { before: string | null; after: string | null } = { before: null, after: null },
  { called, runners: { manifestKeys } }: Pick<TamperingInput, 'called' | 'runners'>,
): boolean {
  const scripts = testScripts({ base: scriptsOf(before), changed: scriptsOf(after), words: called });
  return testKeysOf(before, { scripts, manifestKeys }) !== testKeysOf(after, { scripts, manifestKeys });
}

/** The text of commit 0956107: approvals of that time name its digest. */
export function formerTamperingText(found: PathChange[]): string {
  return JSON.stringify(found.map(({ path, after }) => [path, after]).sort());
}

/**
 * The text that a person judges; an approval names its digest. Findings show one file each; older approvals name a text of all
 * files. Paths are sorted; contents are named by git's id, so the digest also covers what a cut diff leaves out. `diff` is the
 * unified diff of the whole change.
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

/** The digest comes before the path, so that a cut message still contains what an approval must name. */
export function describeTampering(file: TouchedFile): string {
  return `tampering with what judges the change (digest ${file.digest}): ${describeTouched(file)}; undo it, or have it approved (gate tampering)`;
}

/** Example: `test/a.test.js deleted`. */
export function describeTouched(file: PathChange): string {
  return `${file.path} ${whatHappened(file)}`;
}
