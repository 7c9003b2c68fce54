/**
 * Which files of a tree are tests and which are production, by who imports whom. Pure.
 *
 * Production is what no test reaches, what a manifest names as an entry, and all that these import. A name decides only what
 * a file without importers is.
 */
import { isTestPath } from '../../domain/files';
import { referencesOf } from './references';
import type { References } from './references';
import { createResolve, entriesOf, folderOf, manifestOf } from './resolve';
import type { Resolve } from './resolve';
import { createPauses } from '../pauses';
import { placeAt } from '../places';

export interface JudgedTree {
  /** Of every file. */
  paths: readonly string[];
  /** Of code, settings and manifests; what is not here refers to nothing. */
  texts: ReadonlyMap<string, string>;
  /** Files in which a run of this tree found tests. */
  ran: readonly string[];
  /** True for files that configure runners, by their names. */
  isSetting(path: string): boolean;
}
export interface Links {
  resolve: Resolve;
  references(path: string): References;
  /** Files that a file imports, and those that it names by a path. */
  leads(path: string): readonly string[];
}
export interface Graph extends Links {
  tests: ReadonlySet<string>;
  /** What tests lead to, themselves included. */
  tested: ReadonlySet<string>;
  production: ReadonlySet<string>;
}
/** Files that no import leads to, and that are no production for that. */
export interface Apart {
  /** Files that the test command names: tests, where no other test imports them. */
  testPrograms: readonly string[];
  /** Files that settings of runners load, and programs that other commands run. */
  loaded: readonly string[];
}

export const CODE =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|go|rs|java|kt|kts|scala|groovy|rb|php|cs|fs|c|cc|cpp|h|hpp|swift|ex|exs|dart|sh|bash|pl|lua)$/;
export const NAMED_AS_TEST =
  /(?:^|\/)(?:tests?[_-][^/]*|[^/]*[._-](?:test|spec)s?|tests?)\.[a-z]+$|(?:^|\/)[A-Z]\w*Tests?\.(?:java|kt|cs|scala|groovy|swift)$/;
/** What begins a test, in any language. */
export const HOLDS_TESTS =
  /\b(?:describe|it|test|suite|specify|scenario)(?:\.\w+)*\s*[(`]|\bdef test|\bclass \w*Test|@Test\b|#\[(?:\w+::)*\w*test|\bfunc (?:Test|Example|Fuzz)|\[(?:Fact|Theory|Test)\]|\bTEST(?:_[FP])?\(/;
/** Tools beside the product: that they import a helper of tests makes it no production. */
const BESIDE =
  /(?:^|\/)(?:bench(?:marks?)?|examples?|docs?|scripts|tools|stories|node_modules)\/|\.stories\.\w+$|(?:^|\/)[^/]*\.config\.\w+$/;
const PROGRAM_FILES = /(?:^|\/)(?:Procfile|[^/]*Dockerfile[^/]*)$/;

const KNOWN = new WeakMap<ReadonlyMap<string, string>, { paths: readonly string[]; links: Links }>();

/** Kept as long as the texts are, since several rules ask for the links of one tree. */
export function linksOf({ paths, texts }: Pick<JudgedTree, 'paths' | 'texts'>): Links {
  const known = KNOWN.get(texts);
  if (known?.paths === paths) return known.links;
  const links = createLinks(paths, texts);
  KNOWN.set(texts, { paths, links });
  return links;
}

/** Reads the links of all code: `linksOf` then answers at once, while reading them in one go holds the event loop for seconds. */
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
    reached.has(path) || tree.isSetting(path) || BESIDE.test(path) || isBesideTests(path) || apart.has(path);
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

/** Production with tests in the same file: modules of Rust, vitest in the source, doctests. */
function holdsItsOwnTests(path: string, text: string): boolean {
  if (isTestPath(path)) return false;
  if (path.endsWith('.rs')) return true;
  return path.endsWith('.py') ? !HOLDS_TESTS.test(text) : text.includes('import.meta.vitest');
}

/** True for a file in a folder that is named after tests and holds some. */
function inFoldersOf(tests: string[]): (path: string) => boolean {
  const folders = new Set(tests.flatMap(testFolders));
  return (path) => testFolders(path).some((folder) => folders.has(folder));
}

/** `src/spec/a/b.js` lies in `src/spec`. */
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
  // A set is walked to its end, also what is added on the way.
  for (const path of found) for (const next of leads(path)) if (!isClosed(next)) found.add(next);
  return found;
}

/** As `closure`, and gives way to the event loop. */
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

/** What manifests name as used from outside, and what they start. */
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

/** `till = "till.cli:main"`. */
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
