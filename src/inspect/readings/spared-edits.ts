/**
 * Finds edits of old test files that need no approval by a person: edits that only add test cases, moved files, and tests of deleted
 * code. Takes and returns plain data. Pure.
 */
import { isRunnable } from '../../domain/evidence/runnable';
import type { PathChange } from '../../domain/evidence/tampering';
import { hasSameTests, onlyAddsTests } from '../../domain/evidence/test-edits';
import type { ImportOf, SameModule } from '../../domain/evidence/test-imports';
import { JS_FILE, jsImports } from '../imports/js-imports';
import { placeAt } from '../places';

export interface ExemptEdit {
  path: string;
  why: 'only adds test cases' | 'moved' | 'tests code that is deleted' | 'no test reads it';
  /** The new path of a moved file. */
  to?: string;
}
export interface EditedTests {
  changes: PathChange[];
  /** Paths of changes to tests of the base. */
  tests: ReadonlySet<string>;
  /** Paths of changes that no test reads. */
  unread: ReadonlySet<string>;
  /** Files in which the test run of the base found tests. */
  ran: string[];
  /** The texts at the base, by path. */
  before: ReadonlyMap<string, string>;
  /** The texts after the change, by path. */
  after: ReadonlyMap<string, string>;
}

export function sparedIn({ changes, tests, unread, ran, before, after }: EditedTests): ExemptEdit[] {
  const added = changes.filter((one) => one.before === null && one.after !== null).map(({ path }) => path);
  const deleted = new Set(changes.filter((one) => one.after === null).map(({ path }) => path));
  // Each new file can replace only one deleted file, and only if the runner would find its tests.
  const freeFiles = new Set(added.filter((path) => isRunnable(path, ran)));
  const isSame = sameModules(changes);
  return changes.flatMap(({ path, before: was, after: now }): ExemptEdit[] => {
    if (unread.has(path)) return [{ path, why: 'no test reads it' }];
    if (was === null || !tests.has(path)) return [];
    const [oldText, newText] = [before.get(path), after.get(path)];
    if (oldText === undefined) return [];
    if (now !== null)
      return newText !== undefined && onlyAddsTests(oldText, newText, path)
        ? [{ path, why: 'only adds test cases' }]
        : [];
    const to = [...freeFiles].find((other) => {
      const otherText = after.get(other);
      return otherText !== undefined && hasSameTests({ path, text: oldText }, { path: other, text: otherText }, isSame);
    });
    if (to !== undefined) {
      freeFiles.delete(to);
      return [{ path, why: 'moved', to }];
    }
    return testsOnlyDeletedCode(path, oldText, deleted) ? [{ path, why: 'tests code that is deleted' }] : [];
  });
}

/** Returns a comparison of imports: true for the same package, the same file, or a file that the change only moved. */
function sameModules(changes: PathChange[]): SameModule {
  const moved = changes.flatMap(({ path, before, after }) => {
    const others = changes.filter((one) => before !== null && one.before === null && one.after === before);
    return after === null ? others.map((other) => `${bareOf(path)}\n${bareOf(other.path)}`) : [];
  });
  return (before, after) => {
    const [fileBefore, fileAfter] = [importedFile(before), importedFile(after)];
    if (fileBefore === undefined || fileAfter === undefined) return before.from === after.from;
    return fileBefore === fileAfter || moved.includes(`${fileBefore}\n${fileAfter}`);
  };
}

/** The path without its extension, and without `/index` or `/__init__`. */
const bareOf = (path: string): string =>
  path.replace(/\.(?:[cm]?[jt]sx?|py)$/, '').replace(/\/(?:index|__init__)$/, '');

/** The path that a relative import refers to, without its file extension; undefined for a package. */
function importedFile({ file, from }: ImportOf): string | undefined {
  const dots = /^\.+(?=\w|$)/.exec(from)?.[0].length ?? 0;
  // A relative import of Python, such as `..helpers`.
  const ofPython = `${'../'.repeat(Math.max(0, dots - 1))}${from.slice(dots).replaceAll('.', '/')}`;
  if (dots === 0 && !/^\.{1,2}\//.test(from)) return undefined;
  return bareOf(placeAt(folderOf(file), dots === 0 ? from : ofPython));
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** True if the change also deletes every file of the project that the test imports. */
function testsOnlyDeletedCode(path: string, text: string, deleted: ReadonlySet<string>): boolean {
  const subjects = subjectsOf(path, text);
  return subjects.length > 0 && subjects.every((one) => [...deleted].some((gone) => isFileOf(one, gone)));
}

/** Paths of the project's files that a test imports, without file extensions. */
function subjectsOf(path: string, text: string): string[] {
  if (JS_FILE.test(path)) {
    const relative = jsImports(text).filter(({ specifier }) => specifier.startsWith('.'));
    return relative.map(({ specifier }) => placeAt(folderOf(path), specifier));
  }
  if (!path.endsWith('.py')) return [];
  const modules = [...text.matchAll(/^[^\S\n]*(?:from\s+([\w.]+)\s+import|import\s+([\w.]+))/gm)];
  const names = modules.map(([, from, plain]) => (from ?? plain ?? '').replaceAll('.', '/'));
  // No change deletes modules of Python itself or of packages, so only modules that look like the project's own count.
  return names.filter((name) => name.includes('/'));
}

function isFileOf(subject: string, path: string): boolean {
  const [wanted, found] = [bareOf(subject), bareOf(path)];
  return found === wanted || found.endsWith(`/${wanted}`);
}
