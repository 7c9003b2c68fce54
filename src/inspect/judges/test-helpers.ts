/**
 * Finds test helpers: code that only tests use, and that is not itself the subject of tests (the code under test). In a small project
 * only tests import the subject, too. Pure.
 *
 * A file is a helper if it is in a test folder, if it imports a test library, or if it has the name of a helper and no test is about it.
 */
import { isTestPath } from '../../domain/files';
import { CODE, testFolders } from './graph';
import type { Graph, JudgedTree } from './graph';
import { folderOf } from './resolve';

export interface Helpers {
  isHelper(path: string): boolean;
  /** True for code under test. */
  isSubject(path: string): boolean;
  /** True for a file in a folder of tests and their helpers. */
  isAmongTests(path: string): boolean;
}

const HELPER_NAME =
  /(?:^|[/._-])(?:support|helpers?|fixtures?|__fixtures__|__mocks__|mocks?|stubs?|fakes?|testing|test(?:[-_]?(?:utils?|helpers?|lib|support|kit|data|setup|env))|matchers?|assertions?|harness|factories|spec[-_]?helpers?)(?=[/._-]|$)/i;
const CAMEL_CASE_HELPER_NAME =
  /(?:^|\/)(?:test|spec)(?:Utils?|Helpers?|Support|Kit|Data|Setup)|(?:TestUtils?|TestHelpers?|Matchers?|Assertions?)\.\w+$/;
/** Modules that only tests import. */
const TEST_MODULES =
  /^(?:vitest|jest|@jest\/|chai|sinon|mocha|ava|tap|tape|uvu|expect|jasmine|supertest|node:test|bun:test|@testing-library\/|@playwright\/test|cypress|should|nock|pytest|unittest|hypothesis|testing|rspec|minitest|github\.com\/stretchr\/testify)/;
const ASSERT_MODULE = /^(?:node:)?assert(?:\/strict)?$/;

export function createHelpers({ texts }: JudgedTree, graph: Graph): Helpers {
  const subjects = subjectsOf(graph);
  const isAmongTests = createIsAmongTests(graph, subjects.paired);
  const importsModule = (path: string, pattern: RegExp): boolean =>
    graph.references(path).imports.some((name) => pattern.test(name));
  const isNamedAsHelper = (path: string): boolean =>
    HELPER_NAME.test(path) || CAMEL_CASE_HELPER_NAME.test(path) || isTestPath(path);
  // A file that is neither a test nor named like a helper is production even if only tests import it, and so are its imports.
  const isProduct = (path: string): boolean =>
    CODE.test(path) &&
    !isNamedAsHelper(path) &&
    !graph.tests.has(path) &&
    !isAmongTests(path) &&
    !importsModule(path, TEST_MODULES);
  const usedByProduct = new Set([...graph.tested].filter(isProduct).flatMap((path) => graph.leads(path)));
  const isHelper = (path: string): boolean => {
    if (!CODE.test(path) || graph.production.has(path) || graph.tests.has(path)) return false;
    if (isAmongTests(path)) return true;
    if (!graph.tested.has(path) || subjects.paired.has(path)) return false;
    if (importsModule(path, TEST_MODULES)) return true;
    if (usedByProduct.has(path)) return false;
    const isLikely =
      isNamedAsHelper(path) || importsModule(path, ASSERT_MODULE) || /\bAssertionError\b/.test(texts.get(path) ?? '');
    return isLikely && !subjects.alone.has(path);
  };
  return {
    isHelper,
    isAmongTests,
    isSubject: (path) => graph.tested.has(path) && !graph.tests.has(path) && !isHelper(path),
  };
}

/** `paired`: files that a test of the same name imports. `alone`: files of which most tests that import them import no other code. */
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
  const mostlyAlone = [...counts].filter(([, { alone, all }]) => alone * 2 > all).map(([path]) => path);
  return { paired, alone: new Set(mostlyAlone) };
}

/** Returns the stem of a name: `price` for both `src/price/index.ts` and `test/price.test.ts`. */
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
 * Returns a function that is true for files in test folders: folders with the name of a test folder that contain tests, and folders
 * whose tests all import code of other folders. A folder in which most tests stand next to the code under test is a source folder.
 */
function createIsAmongTests({ tests, leads }: Graph, paired: ReadonlySet<string>): (path: string) => boolean {
  const countsByFolder = new Map<string, { tests: number; inside: number; outside: number }>();
  for (const test of tests) {
    const [named] = testFolders(test);
    const folder = named ?? folderOf(test);
    const count = countsByFolder.get(folder) ?? { tests: 0, inside: 0, outside: 0 };
    const used = leads(test).filter((path) => CODE.test(path) && !tests.has(path));
    const isBeside = used.some((path) => paired.has(path) && stemOf(path) === stemOf(test) && isIn(folder, path));
    const isOutside = used.some((path) => !isIn(folder, path));
    countsByFolder.set(folder, {
      tests: count.tests + 1,
      inside: count.inside + (isBeside ? 1 : 0),
      outside: count.outside + (isOutside || named !== undefined ? 1 : 0),
    });
  }
  const testFolderCounts = [...countsByFolder].filter(([folder, { tests: all, inside, outside }]) => {
    return folder !== '' && inside * 2 < all && outside === all;
  });
  const folders = new Set(testFolderCounts.map(([folder]) => folder));
  return (path) => {
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) if (folders.has(folder)) return true;
    return false;
  };
}

function isIn(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}
