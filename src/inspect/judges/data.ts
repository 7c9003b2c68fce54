/**
 * Finds data files that tests read and production does not: fixtures, snapshots, expected outputs. Pure.
 *
 * Observing the files that a run opens would slow the sandbox down. So data is found by the paths that tests name, and in test
 * folders also by file and folder names.
 */
import { isTestPath } from '../../domain/files';
import { CODE } from './graph';
import type { Graph, JudgedTree } from './graph';
import type { Helpers } from './helpers';

export const SNAPSHOT = /\.(?:snap|snapshot|ambr)$|(?:^|\/)__(?:image_)?snapshots__\//;
/** Files that tests may read but that no test judges by: documents, pages, styles, pictures, manifests, lock files. */
const NEVER =
  /\.(?:md|mdx|rst|adoc|html?|css|s[ac]ss|less|svg|png|jpe?g|gif|webp|ico|woff2?)$|(?:^|\/)(?:LICENSE|NOTICE|CHANGELOG|package(?:-lock)?\.json|[^/]*\.lock|pnpm-lock\.yaml|pyproject\.toml|requirements[^/]*\.txt|go\.(?:mod|sum)|Cargo\.toml|pom\.xml|tsconfig[^/]*\.json)$/i;
/** Folder names that only say that tests are there; any other folder name in a test refers to that folder. */
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
      // A single word is ambiguous; a path through folders is not.
      else if (folder !== undefined && text.includes('/')) folders.add(folder);
    }
  return { files, folders };
}

/** File names that production code mentions, in any folder. */
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
