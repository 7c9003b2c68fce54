/**
 * Decides which files are tests and which are production, by their imports. Pure.
 *
 * Production is every file that no test reaches, the entries that a manifest names, and everything these import. The name decides
 * only for a file without importers.
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
  ran: readonly string[];
  /** True for files that configure test runners, by name. */
  isSetting(path: string): boolean;
}
export interface Links {
  resolve: Resolve;
  references(path: string): References;
  /** The files that a file imports or names by a path. */
  leads(path: string): readonly string[];
}
export interface Graph extends Links {
  tests: ReadonlySet<string>;
  /** The tests, and all files that they lead to. */
  tested: ReadonlySet<string>;
  production: ReadonlySet<string>;
}
/** Files that no import leads to and that are still not production. */
export interface Apart {
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

const KNOWN = new WeakMap<ReadonlyMap<string, string>, { paths: readonly string[]; links: Links }>();

/** Returns the links of a tree; cached together with the texts, since several rules need them. */
export function linksOf({ paths, texts }: Pick<JudgedTree, 'paths' | 'texts'>): Links {
  const known = KNOWN.get(texts);
  if (known?.paths === paths) return known.links;
  const links = createLinks(paths, texts);
  KNOWN.set(texts, { paths, links });
  return links;
}

/** Reads the links of all code in advance and yields to the event loop, which reading them in one go would block for seconds. */
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
  const references = remember((path: string) => referencesOf(path, texts.get(path) ?? ''));
  const leads = remember((path: string) => leadsOf(path, references(path), resolve));
  return { resolve, references, leads };
}

export function graphOf(tree: JudgedTree, links: Links, { testPrograms, loaded }: Apart): Graph {
  const { leads, resolve } = links;
  const code = tree.paths.filter((path) => CODE.test(path));
  const named = code.filter((path) => isTakenForTest(tree, path));
  const led = closure(named.flatMap(leads), leads);
  const programs = testPrograms.filter((path) => CODE.test(path) && !led.has(path) && !tree.isSetting(path));
  const takenForTests = new Set([...named, ...programs]);
  const apart = new Set(loaded);
  const reached = closure(takenForTests, leads);
  const isBesideTests = inFoldersOf([...takenForTests]);
  const isNone = (path: string): boolean =>
    reached.has(path) || tree.isSetting(path) || NOT_PRODUCT.test(path) || isBesideTests(path) || apart.has(path);
  const roots = code.filter((path) => !isNone(path));
  const ran = new Set(tree.ran);
  const isRun = (path: string): boolean => ran.has(path) && takenForTests.has(path);
  const production = closure([...roots, ...entries(tree, resolve)], leads, isRun);
  const tests = new Set([...takenForTests].filter((path) => !production.has(path)));
  return { ...links, tests, tested: closure(tests, leads), production };
}

function isTakenForTest({ ran, texts, isSetting }: JudgedTree, path: string): boolean {
  if (/(?:^|\/)src\/main\//.test(path) || isSetting(path)) return false;
  const text = texts.get(path) ?? '';
  if (NAMED_AS_TEST.test(path)) return !path.endsWith('.rs') || HOLDS_TESTS.test(text);
  if (ran.includes(path)) return !holdsItsOwnTests(path, text);
  return isTestPath(path) && HOLDS_TESTS.test(text);
}

/** True for production code with tests in the same file: Rust modules, vitest in the source, doctests. */
function holdsItsOwnTests(path: string, text: string): boolean {
  if (isTestPath(path)) return false;
  if (path.endsWith('.rs')) return true;
  return path.endsWith('.py') ? !HOLDS_TESTS.test(text) : text.includes('import.meta.vitest');
}

/** Returns a function that is true for a file in a folder that is named like tests and contains some. */
function inFoldersOf(tests: string[]): (path: string) => boolean {
  const folders = new Set(tests.flatMap(testFolders));
  return (path) => testFolders(path).some((folder) => folders.has(folder));
}

/** The test folders around a path: `src/spec` for `src/spec/a/b.js`. */
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

/** Does the same as `closure`, but yields to the event loop. */
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

/** The files that manifests name as entries or start. */
function entries({ paths, texts }: JudgedTree, resolve: Resolve): string[] {
  const filesOf = (from: string, words: string[]): string[] =>
    words.flatMap((word) => resolve.named(from, word).file ?? []).filter(isSource);
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

const isSource = (path: string): boolean => CODE.test(path) && !NAMED_AS_TEST.test(path);

/** Reads entry points such as `till = "till.cli:main"`. */
function pythonEntries(path: string, text: string, { imported }: Resolve): string[] {
  const modules = [...text.matchAll(/([A-Za-z_][\w.]{0,200}):[A-Za-z_]/g)].map(([, module = '']) => module);
  return modules.flatMap((module) => imported(placeAt(folderOf(path), 'setup.py'), module));
}

function remember<T>(find: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    const found = known.has(path) ? (known.get(path) as T) : find(path);
    known.set(path, found);
    return found;
  };
}
