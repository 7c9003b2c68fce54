/**
 * Decides which files are tests and which are production, by their imports. Pure.
 *
 * Production files are: files that no test reaches, entries that a manifest names, and all files that these import. A file's name
 * decides only if no other file imports it.
 */
import { isTestPath } from '../../domain/files';
import { referencesOf } from './references';
import type { References } from './references';
import { createResolve, entriesOf, folderOf, manifestOf } from './resolve';
import type { Resolve } from './resolve';
import { createPauses } from '../pauses';
import { placeAt } from '../places';

export interface JudgedTree {
  /** The paths of all files. */
  paths: readonly string[];
  /** Texts of code, settings and manifests; a file without a text here refers to nothing. */
  texts: ReadonlyMap<string, string>;
  /** Files in which a test run found tests. */
  testFilesRun: readonly string[];
  /** True for files that configure test runners, by name. */
  isSetting(path: string): boolean;
}
export interface Links {
  resolve: Resolve;
  references(path: string): References;
  /** Returns the files that a file leads to: those that it imports or names by a path. */
  leads(path: string): readonly string[];
}
export interface Graph extends Links {
  tests: ReadonlySet<string>;
  /** The tests, and all files that they lead to. */
  tested: ReadonlySet<string>;
  production: ReadonlySet<string>;
}
/** Files that are not production although no import leads to them. */
export interface OutsideProduction {
  /** Files that the test command names; they count as tests unless another test imports them. */
  testPrograms: readonly string[];
  /** Files that test settings load, and programs that other commands run. */
  loaded: readonly string[];
}

export const CODE =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|go|rs|java|kt|kts|scala|groovy|rb|php|cs|fs|c|cc|cpp|h|hpp|swift|ex|exs|dart|sh|bash|pl|lua)$/;
export const NAMED_AS_TEST =
  /(?:^|\/)(?:tests?[_-][^/]*|[^/]*[._-](?:test|spec)s?|tests?)\.[a-z]+$|(?:^|\/)[A-Z]\w*Tests?\.(?:java|kt|cs|scala|groovy|swift)$/;
/** The beginning of a test in the supported languages. */
export const HOLDS_TESTS =
  /\b(?:describe|it|test|suite|specify|scenario)(?:\.\w+)*\s*[(`]|\bdef test|\bclass \w*Test|@Test\b|#\[(?:\w+::)*\w*test|\bfunc (?:Test|Example|Fuzz)|\[(?:Fact|Theory|Test)\]|\bTEST(?:_[FP])?\(/;
/** Tools that are not part of the product: importing a test helper does not make the helper production. */
const NOT_PRODUCT =
  /(?:^|\/)(?:bench(?:marks?)?|examples?|docs?|scripts|tools|stories|node_modules)\/|\.stories\.\w+$|(?:^|\/)[^/]*\.config\.\w+$/;
const PROGRAM_FILES = /(?:^|\/)(?:Procfile|[^/]*Dockerfile[^/]*)$/;

const LINKS_BY_TEXTS = new WeakMap<ReadonlyMap<string, string>, { paths: readonly string[]; links: Links }>();

/** Returns the links of a tree. They are cached by the texts, since several rules need them. */
export function linksOf({ paths, texts }: Pick<JudgedTree, 'paths' | 'texts'>): Links {
  const known = LINKS_BY_TEXTS.get(texts);
  if (known?.paths === paths) return known.links;
  const links = createLinks(paths, texts);
  LINKS_BY_TEXTS.set(texts, { paths, links });
  return links;
}

/** Reads the links of all code in advance. Yields to the event loop in between, which would otherwise be blocked for seconds. */
export async function readLinks(tree: Pick<JudgedTree, 'paths' | 'texts'>): Promise<Links> {
  const links = linksOf(tree);
  const pause = createPauses();
  for (const path of tree.paths) {
    if (CODE.test(path)) links.leads(path);
    await pause();
  }
  return links;
}

function createLinks(paths: readonly string[], texts: ReadonlyMap<string, string>): Links {
  const resolve = createResolve(paths, texts);
  const references = cacheByPath((path: string) => referencesOf(path, texts.get(path) ?? ''));
  const leads = cacheByPath((path: string) => leadsOf(path, references(path), resolve));
  return { resolve, references, leads };
}

export function graphOf(tree: JudgedTree, links: Links, { testPrograms, loaded }: OutsideProduction): Graph {
  const { leads, resolve } = links;
  const code = tree.paths.filter((path) => CODE.test(path));
  const testFiles = code.filter((path) => looksLikeTest(tree, path));
  const importedByTests = closure(testFiles.flatMap(leads), leads);
  const programs = testPrograms.filter(
    (path) => CODE.test(path) && !importedByTests.has(path) && !tree.isSetting(path),
  );
  const testsAndPrograms = new Set([...testFiles, ...programs]);
  const loadedFiles = new Set(loaded);
  const reached = closure(testsAndPrograms, leads);
  const isBesideTests = createIsBesideTests([...testsAndPrograms]);
  const isNotRoot = (path: string): boolean =>
    reached.has(path) || tree.isSetting(path) || NOT_PRODUCT.test(path) || isBesideTests(path) || loadedFiles.has(path);
  const roots = code.filter((path) => !isNotRoot(path));
  const ran = new Set(tree.testFilesRun);
  const isRun = (path: string): boolean => ran.has(path) && testsAndPrograms.has(path);
  const production = closure([...roots, ...manifestEntries(tree, resolve)], leads, isRun);
  const tests = new Set([...testsAndPrograms].filter((path) => !production.has(path)));
  return { ...links, tests, tested: closure(tests, leads), production };
}

function looksLikeTest({ testFilesRun, texts, isSetting }: JudgedTree, path: string): boolean {
  if (/(?:^|\/)src\/main\//.test(path) || isSetting(path)) return false;
  const text = texts.get(path) ?? '';
  if (NAMED_AS_TEST.test(path)) return !path.endsWith('.rs') || HOLDS_TESTS.test(text);
  if (testFilesRun.includes(path)) return !containsOwnTests(path, text);
  return isTestPath(path) && HOLDS_TESTS.test(text);
}

/** True for production code with tests in the same file: Rust modules, vitest in the source, doctests. */
function containsOwnTests(path: string, text: string): boolean {
  if (isTestPath(path)) return false;
  if (path.endsWith('.rs')) return true;
  return path.endsWith('.py') ? !HOLDS_TESTS.test(text) : text.includes('import.meta.vitest');
}

/** Returns a function that is true for a file in a folder that has the name of a test folder and contains tests. */
function createIsBesideTests(tests: string[]): (path: string) => boolean {
  const folders = new Set(tests.flatMap(testFolders));
  return (path) => testFolders(path).some((folder) => folders.has(folder));
}

/** Returns the test folders that contain a path: `src/spec` for `src/spec/a/b.js`. */
export function testFolders(path: string): string[] {
  const parts = folderOf(path).split('/');
  return parts.flatMap((part, at) =>
    /^(?:tests?|__tests__|spec|e2e)$/i.test(part) ? [parts.slice(0, at + 1).join('/')] : [],
  );
}

function leadsOf(path: string, { imports, texts }: References, { imported, named }: Resolve): string[] {
  const files = imports.flatMap((specifier) => imported(path, specifier));
  const read = texts.flatMap((text) => (/[./]/.test(text) ? (named(path, text).file ?? []) : []));
  return [...new Set([...files, ...read])].filter((one) => one !== path);
}

/** Returns the roots and all files that they lead to. A closed file is left out and not followed. */
export function closure(
  roots: Iterable<string>,
  leads: (path: string) => readonly string[],
  isClosed: (path: string) => boolean = () => false,
): Set<string> {
  const found = new Set([...roots].filter((path) => !isClosed(path)));
  // A loop over a set also visits members that are added during the loop.
  for (const path of found) for (const next of leads(path)) if (!isClosed(next)) found.add(next);
  return found;
}

/** Like `closure`, but yields to the event loop. */
export async function closureInParts(
  roots: Iterable<string>,
  leads: (path: string) => readonly string[],
): Promise<Set<string>> {
  const found = new Set(roots);
  const pause = createPauses();
  for (const path of found) {
    for (const next of leads(path)) found.add(next);
    await pause();
  }
  return found;
}

/** Returns the files that manifests name as entries, and those that their scripts start. */
function manifestEntries({ paths, texts }: JudgedTree, resolve: Resolve): string[] {
  const filesOf = (from: string, words: string[]): string[] =>
    words.flatMap((word) => resolve.named(from, word).file ?? []).filter(isCodeAndNoTest);
  return paths.flatMap((path) => {
    const text = texts.get(path);
    if (text === undefined || path.includes('node_modules/')) return [];
    if (path.endsWith('package.json')) {
      const started = Object.entries((manifestOf(text).scripts ?? {}) as Record<string, unknown>)
        .filter(([name]) => /^(?:pre|post)?(?:start|dev|serve|preview)(?::|$)/.test(name))
        .flatMap(([, script]) => String(script).split(/[\s=]+/));
      const from = placeAt(folderOf(path), 'index.js');
      const named = [...entriesOf(text), 'index.js'].flatMap((entry) => resolve.imported(from, `./${entry}`));
      return [...named.filter((one) => CODE.test(one)), ...filesOf(from, started)];
    }
    if (/(?:^|\/)(?:pyproject\.toml|setup\.(?:py|cfg))$/.test(path)) return pythonEntries(path, text, resolve);
    if (!PROGRAM_FILES.test(path)) return [];
    const words = text.split(/[\s"',[\]]+/);
    return filesOf(path, words);
  });
}

const isCodeAndNoTest = (path: string): boolean => CODE.test(path) && !NAMED_AS_TEST.test(path);

/** Reads entry points such as `till = "till.cli:main"`. */
function pythonEntries(path: string, text: string, { imported }: Resolve): string[] {
  const modules = [...text.matchAll(/([A-Za-z_][\w.]{0,200}):[A-Za-z_]/g)].map(([, module = '']) => module);
  return modules.flatMap((module) => imported(placeAt(folderOf(path), 'setup.py'), module));
}

function cacheByPath<T>(find: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    const found = known.has(path) ? (known.get(path) as T) : find(path);
    known.set(path, found);
    return found;
  };
}
