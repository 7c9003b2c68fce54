/**
 * Data that tests read and production does not: fixtures, snapshots, expected outputs. Pure.
 *
 * What a run really opens cannot be seen in the sandbox without slowing it down, so data is found by what tests name: a path, or
 * among tests the name of the file or of its folder.
 */
import { isTestPath } from '../../domain/files';
import { CODE } from './graph';
import type { Graph, JudgedTree } from './graph';
import type { Helpers } from './helpers';

export const SNAPSHOT = /\.(?:snap|snapshot|ambr)$|(?:^|\/)__(?:image_)?snapshots__\//;
/** Looked at by tests at times, and never what they judge by: documents, pages, styles, pictures, manifests, locks. */
const NEVER =
  /\.(?:md|mdx|rst|adoc|html?|css|s[ac]ss|less|svg|png|jpe?g|gif|webp|ico|woff2?)$|(?:^|\/)(?:LICENSE|NOTICE|CHANGELOG|package(?:-lock)?\.json|[^/]*\.lock|pnpm-lock\.yaml|pyproject\.toml|requirements[^/]*\.txt|go\.(?:mod|sum)|Cargo\.toml|pom\.xml|tsconfig[^/]*\.json)$/i;
/** Folders whose name alone says that tests are there; any other name, in a test, means the folder. */
const TEST_FOLDER = /^(?:tests?|__tests__|spec|e2e)$/;

export function createData(
  { paths, texts }: JudgedTree,
  graph: Graph,
  { isHelper, isAmongTests, isSubject }: Helpers,
): (path: string) => boolean {
  const readers = once(() => [...graph.tests, ...paths.filter((path) => isHelper(path))]);
  const words = once(() => new Set(readers().flatMap((path) => wordsIn(texts.get(path) ?? ''))));
  const read = once(() => placesNamedBy(graph, readers()));
  const sources = once(() =>
    paths.filter((path) => CODE.test(path) && (graph.production.has(path) || isSubject(path))),
  );
  const product = once(() => placesNamedBy(graph, sources()));
  const productNames = once(() => namesIn(graph, sources()));
  const isNamed = (path: string): boolean => partsOf(path).some((name) => name.length > 2 && words().has(name));
  return (path) => {
    if (graph.tests.size === 0) return false;
    const folders = foldersOf(path);
    const isExact = read().files.has(path) || folders.some((folder) => read().folders.has(folder));
    const isProduct = product().files.has(path) || folders.some((folder) => product().folders.has(folder));
    if (isProduct) return false;
    if (SNAPSHOT.test(path)) return true;
    if (isTestPath(path) || isAmongTests(path)) return isExact || isNamed(path);
    if (/(?:^|\/)testdata\//.test(path)) return true;
    return isExact && !NEVER.test(path) && !productNames().has(baseOf(path));
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
      // One word may mean anything; of a way through folders it is clear.
      else if (folder !== undefined && text.includes('/')) folders.add(folder);
    }
  return { files, folders };
}

/** Names of files that production speaks of, wherever they lie. */
function namesIn({ references }: Graph, sources: string[]): Set<string> {
  const texts = sources.flatMap((path) => references(path).texts);
  return new Set(texts.filter((text) => text.includes('.')).map(baseOf));
}

const wordsIn = (text: string): string[] => text.split(/[^\w.-]+/).flatMap((word) => [word, word.replace(/\.+$/, '')]);

function partsOf(path: string): string[] {
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

function once<T>(find: () => T): () => T {
  let known: { found: T } | undefined;
  return () => (known ??= { found: find() }).found;
}
