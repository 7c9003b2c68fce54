/**
 * Finds data files that tests read and production does not: fixtures, snapshots, expected outputs. Pure.
 *
 * A file counts as data of tests if tests name its path, or in a test folder its name. (To observe which files a run opens would slow
 * the sandbox down.)
 */
import { isTestPath } from '../../domain/files';
import { CODE } from './graph';
import type { Graph, JudgedTree } from './graph';
import type { Helpers } from './test-helpers';

export const SNAPSHOT = /\.(?:snap|snapshot|ambr)$|(?:^|\/)__(?:image_)?snapshots__\//;
/** Files that are no test data although tests may read them: documents, pages, styles, pictures, manifests, lock files. */
const NO_TEST_DATA =
  /\.(?:md|mdx|rst|adoc|html?|css|s[ac]ss|less|svg|png|jpe?g|gif|webp|ico|woff2?)$|(?:^|\/)(?:LICENSE|NOTICE|CHANGELOG|package(?:-lock)?\.json|[^/]*\.lock|pnpm-lock\.yaml|pyproject\.toml|requirements[^/]*\.txt|go\.(?:mod|sum)|Cargo\.toml|pom\.xml|tsconfig[^/]*\.json)$/i;
/** Names of test folders. If a test contains another folder name, it refers to that folder. */
const TEST_FOLDER = /^(?:tests?|__tests__|spec|e2e)$/;

export function createIsTestData(
  { paths, texts }: JudgedTree,
  graph: Graph,
  { isHelper, isAmongTests, isSubject }: Helpers,
): (path: string) => boolean {
  const readers = computeOnce(() => [...graph.tests, ...paths.filter((path) => isHelper(path))]);
  const wordsOfTests = computeOnce(() => new Set(readers().flatMap((path) => wordsIn(texts.get(path) ?? ''))));
  const readPlaces = computeOnce(() => placesNamedBy(graph, readers()));
  const sources = computeOnce(() =>
    paths.filter((path) => CODE.test(path) && (graph.production.has(path) || isSubject(path))),
  );
  const productPlaces = computeOnce(() => placesNamedBy(graph, sources()));
  const productNames = computeOnce(() => namesIn(graph, sources()));
  const isNamed = (path: string): boolean => namesOf(path).some((name) => name.length > 2 && wordsOfTests().has(name));
  return (path) => {
    if (graph.tests.size === 0) return false;
    const folders = foldersOf(path);
    const isNamedByPath = readPlaces().files.has(path) || folders.some((folder) => readPlaces().folders.has(folder));
    const isProduct = productPlaces().files.has(path) || folders.some((folder) => productPlaces().folders.has(folder));
    if (isProduct) return false;
    if (SNAPSHOT.test(path)) return true;
    if (isTestPath(path) || isAmongTests(path)) return isNamedByPath || isNamed(path);
    if (/(?:^|\/)testdata\//.test(path)) return true;
    return isNamedByPath && !NO_TEST_DATA.test(path) && !productNames().has(baseOf(path));
  };
}

function placesNamedBy(
  { references, resolve }: Graph,
  readers: string[],
): { files: Set<string>; folders: Set<string> } {
  const [files, folders] = [new Set<string>(), new Set<string>()];
  for (const reader of readers)
    for (const text of references(reader).texts) {
      const { file, folder } = text.length > 2 ? resolve.named(reader, text) : {};
      if (file !== undefined) files.add(file);
      // A single word is ambiguous; a path through folders is not.
      else if (folder !== undefined && text.includes('/')) folders.add(folder);
    }
  return { files, folders };
}

/** Returns the file names that the sources mention, without folders. */
function namesIn({ references }: Graph, sources: string[]): Set<string> {
  const texts = sources.flatMap((path) => references(path).texts);
  return new Set(texts.filter((text) => text.includes('.')).map(baseOf));
}

const wordsIn = (text: string): string[] => text.split(/[^\w.-]+/).flatMap((word) => [word, word.replace(/\.+$/, '')]);

function namesOf(path: string): string[] {
  const name = baseOf(path);
  const folders = path.split('/').slice(0, -1);
  return [name, name.replace(/\.[^.]+$/, ''), ...folders.filter((folder) => !TEST_FOLDER.test(folder))];
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

function computeOnce<T>(find: () => T): () => T {
  let known: { found: T } | undefined;
  return () => (known ??= { found: find() }).found;
}
