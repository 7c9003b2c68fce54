/**
 * Tampering: what a coder's change does to the tests it is judged by, to their settings, or to the CI. Pure.
 *
 * New test files are fine. Everything found here is shown by name, and only a person's approval of exactly it lifts it.
 */
import { isCiPath, isTestSetting, testKeysOf } from '../files';
import type { TestConventions } from '../files';
import { scriptsOf, testScripts } from '../test-scripts';

export interface PathChange {
  path: string;
  /** Digests of the content; null where there is no such file. */
  before: string | null;
  after: string | null;
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

const DIFF_LIMIT_CHARS = 100_000;

/**
 * All that a person judges, and nothing else: its digest is what an approval names. Paths in order; contents by git's id, so
 * that the digest covers what a cut diff does not show. `diff` is the unified text of the whole change.
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

/**
 * Lines end at a line feed alone: a pattern with the flag `m` would also begin a line after U+2028, which a changed file may
 * hold in order to show a forged difference in the place of the real one.
 */
function diffsByPath(diff: string): Map<string, string> {
  const sections = diff.split(/(?<=\n)(?=diff --git )/).filter((section) => section.startsWith('diff --git '));
  return new Map(sections.flatMap((section) => pathsOf(section).map((path) => [path, section] as const)));
}

/** Before and after. Only what stands before the first hunk is git's: in a hunk, any file can hold a line like these. */
function pathsOf(section: string): string[] {
  const [header = ''] = section.split('\n@@ ', 1);
  return header.split('\n').flatMap((line) => {
    const [, name] = /^(?:--- a\/|\+\+\+ b\/|(?:---|\+\+\+) (?="[ab]\/)|rename (?:from|to) )(.*)$/s.exec(line) ?? [];
    if (name !== undefined) return [unquoted(name)];
    // A binary file has no such lines, and no other name.
    const [, plain, quoted] = /^diff --git (?:a\/(.*) b\/\1|"a\/(.*)" "b\/\2")$/s.exec(line) ?? [];
    if (plain !== undefined) return [plain];
    return quoted === undefined ? [] : [unquoted(`"a/${quoted}"`)];
  });
}

/** Git ends a name that has a space in it with a tab, and writes one that has odd characters as a string of C. */
function unquoted(name: string): string {
  const [, quoted] = /^"(?:[ab]\/)?(.*)"\t?$/s.exec(name) ?? [];
  if (quoted === undefined) return name.replace(/\t$/, '');
  const control: Record<string, string> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
  return quoted.replace(/\\(?:([0-7]{3})|(.))/gs, (_whole, octal?: string, letter = '') =>
    octal === undefined ? (control[letter] ?? letter) : String.fromCharCode(parseInt(octal, 8)),
  );
}

/** What no text shows is said to be so: an empty difference would look harmless. */
function shownDiff(section: string | undefined, { before, after }: Pick<PathChange, 'before' | 'after'>): string {
  if (section !== undefined) return cut(section);
  return before === after ? '' : '[not shown: renamed, binary, or beyond the limit of a difference; the commit has it]';
}

function cut(text: string): string {
  if (text.length <= DIFF_LIMIT_CHARS) return text;
  return `${text.slice(0, DIFF_LIMIT_CHARS)}\n[cut: ${text.length - DIFF_LIMIT_CHARS} more characters; the commit has them]`;
}

function whatHappened({ before, after }: PathChange): string {
  if (after === null) return before === null ? 'differs from its lock' : 'deleted';
  return before === null ? 'added' : 'changed';
}

/** The digest stands before the paths: wherever the text is cut, what an approval has to name is still there. */
export function describeTampering(found: PathChange[], digest: string): string {
  return `tampering with what judges the change (digest ${digest}): ${listTouched(found)}; undo it, or have it approved (gate tampering)`;
}

/** At most ten paths, each with what happened to it. */
export function listTouched(found: PathChange[]): string {
  const what = found.map((one) => `${one.path} ${whatHappened(one)}`);
  const more = what.length > 10 ? ` and ${what.length - 10} more` : '';
  return `${what.slice(0, 10).join(', ')}${more}`;
}
