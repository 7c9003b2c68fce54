/**
 * Finds test helpers: code that only tests use and that is not the code under test, which in a small project also only tests import. Pure.
 *
 * A file is a helper if it is in a test folder, imports a test library, or is named like a helper and no test is about it.
 */
import { isTestPath } from '../../domain/files';
import { CODE, testFolders } from './graph';
import type { Graph, JudgedTree } from './graph';
import { folderOf } from './resolve';

export interface Helpers {
  isHelper(path: string): boolean;
  /** True for code that a test is about. */
  isSubject(path: string): boolean;
  /** True for a file in a folder of tests and their helpers. */
  isAmongTests(path: string): boolean;
}

const SUPPORT =
  /(?:^|[/._-])(?:support|helpers?|fixtures?|__fixtures__|__mocks__|mocks?|stubs?|fakes?|testing|test(?:[-_]?(?:utils?|helpers?|lib|support|kit|data|setup|env))|matchers?|assertions?|harness|factories|spec[-_]?helpers?)(?=[/._-]|$)/i;
const CAMEL_SUPPORT =
  /(?:^|\/)(?:test|spec)(?:Utils?|Helpers?|Support|Kit|Data|Setup)|(?:TestUtils?|TestHelpers?|Matchers?|Assertions?)\.\w+$/;
/** Modules that only tests import. */
const TEST_MODULES =
  /^(?:vitest|jest|@jest\/|chai|sinon|mocha|ava|tap|tape|uvu|expect|jasmine|supertest|node:test|bun:test|@testing-library\/|@playwright\/test|cypress|should|nock|pytest|unittest|hypothesis|testing|rspec|minitest|github\.com\/stretchr\/testify)/;
const ASSERTS = /^(?:node:)?assert(?:\/strict)?$/;

export function createHelpers({ texts }: JudgedTree, graph: Graph): Helpers {
  const subjects = subjectsOf(graph);
  const isAmongTests = amongTests(graph, subjects.paired);
  const speaks = (path: string, pattern: RegExp): boolean =>
    graph.references(path).imports.some((name) => pattern.test(name));
  const isCalledSo = (path: string): boolean => SUPPORT.test(path) || CAMEL_SUPPORT.test(path) || isTestPath(path);
  // A file that is neither a test nor named like a helper is production even if only tests import it, and so are its imports.
  const isProduct = (path: string): boolean =>
    CODE.test(path) &&
    !isCalledSo(path) &&
    !graph.tests.has(path) &&
    !isAmongTests(path) &&
    !speaks(path, TEST_MODULES);
  const used = new Set([...graph.tested].filter(isProduct).flatMap((path) => graph.leads(path)));
  const isHelper = (path: string): boolean => {
    if (!CODE.test(path) || graph.production.has(path) || graph.tests.has(path)) return false;
    if (isAmongTests(path)) return true;
    if (!graph.tested.has(path) || subjects.paired.has(path)) return false;
    if (speaks(path, TEST_MODULES)) return true;
    if (used.has(path)) return false;
    const isLikely = isCalledSo(path) || speaks(path, ASSERTS) || /\bAssertionError\b/.test(texts.get(path) ?? '');
    return isLikely && !subjects.alone.has(path);
  };
  return {
    isHelper,
    isAmongTests,
    isSubject: (path) => graph.tested.has(path) && !graph.tests.has(path) && !isHelper(path),
  };
}

/** `paired`: files named like a test that imports them. `alone`: files that are the only code imported by most of their tests. */
function subjectsOf({ tests, leads }: Graph): { paired: Set<string>; alone: Set<string> } {
  const paired = new Set<string>();
  const counts = new Map<string, { alone: number; all: number }>();
  for (const test of tests) {
    const used = leads(test).filter((path) => CODE.test(path) && !tests.has(path));
    for (const path of used) {
      if (stemOf(path) === stemOf(test)) paired.add(path);
      const { alone, all } = counts.get(path) ?? { alone: 0, all: 0 };
      counts.set(path, { alone: alone + (used.length === 1 ? 1 : 0), all: all + 1 });
    }
  }
  const mostly = [...counts].filter(([, { alone, all }]) => alone * 2 > all).map(([path]) => path);
  return { paired, alone: new Set(mostly) };
}

/** The stem of a name: `price` for both `src/price/index.ts` and `test/price.test.ts`. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const own = /^(?:index|__init__|mod)$/.test(name) ? folderOf(path).split('/').at(-1) : name;
  return (own ?? '')
    .replace(/^tests?[_-]/i, '')
    .replace(/[._-](?:(?:unit|int|integration|e2e|audit)[._-])?(?:tests?|specs?|checks?)$/i, '')
    .replace(/Tests?$/, '')
    .toLowerCase();
}

/**
 * Returns a function that is true in test folders: folders named like tests that contain some, and folders whose tests are all
 * about code elsewhere. A folder in which most tests are next to the code they test is a source folder.
 */
function amongTests({ tests, leads }: Graph, paired: ReadonlySet<string>): (path: string) => boolean {
  const seen = new Map<string, { tests: number; inside: number; outside: number }>();
  for (const test of tests) {
    const [named] = testFolders(test);
    const folder = named ?? folderOf(test);
    const count = seen.get(folder) ?? { tests: 0, inside: 0, outside: 0 };
    const used = leads(test).filter((path) => CODE.test(path) && !tests.has(path));
    const isBeside = used.some((path) => paired.has(path) && stemOf(path) === stemOf(test) && isIn(folder, path));
    const isOutside = used.some((path) => !isIn(folder, path));
    seen.set(folder, {
      tests: count.tests + 1,
      inside: count.inside + (isBeside ? 1 : 0),
      outside: count.outside + (isOutside || named !== undefined ? 1 : 0),
    });
  }
  const whole = [...seen].filter(([folder, { tests: all, inside, outside }]) => {
    return folder !== '' && inside * 2 < all && outside === all;
  });
  const folders = new Set(whole.map(([folder]) => folder));
  return (path) => {
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) if (folders.has(folder)) return true;
    return false;
  };
}

function isIn(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}
