/**
 * Finds sources that a packing list leaves out of what is delivered, although a delivered file imports them or the change adds them.
 * Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { createResolve, folderOf } from '../judges/resolve';
import type { Resolve } from '../judges/resolve';
import { referencesOf } from '../judges/references';
import { isPackingList, readPackingList } from './pack-lists';
import type { IsLeftOut } from './pack-lists';
import { BESIDE_PRODUCT, changedPaths, isForTests, isSource, textBefore } from './tree';
import type { DeliveredTree } from './tree';

interface PackingList {
  path: string;
  isChanged: boolean;
  leavesOut: IsLeftOut;
  /** What the list left out before the change. */
  leftOutBefore: IsLeftOut;
}

/** True if a list leaves out a source. The rule then needs the texts of all code, to know which file imports it. */
export function mayLeaveOut(tree: DeliveredTree): boolean {
  const checkedSources = createCheckedSources(tree);
  return listsOf(tree).some((list) => checkedSources(list).some(list.leavesOut));
}

export function findLeftOut(tree: DeliveredTree): DeliveredFact[] {
  const checkedSources = createCheckedSources(tree);
  const lists = listsOf(tree).filter((list) => checkedSources(list).some(list.leavesOut));
  if (lists.length === 0) return [];
  const sources = sourcesOf(tree);
  const resolve = createResolve(tree.paths, tree.after);
  return lists.flatMap((list) => findingsOfList(tree, list, { sources, resolve }));
}

/** Returns the sources to check for a list. An unchanged list can newly leave out only what the change writes or imports. */
function createCheckedSources(tree: DeliveredTree): (list: PackingList) => string[] {
  const sources = sourcesOf(tree);
  const all = new Set(sources);
  const written = changedPaths(tree).filter((path) => all.has(path));
  const resolve = createResolve(tree.paths, tree.after);
  const imported = written.flatMap((path) => [...filesReadBy({ resolve, sources }, path, tree.after.get(path) ?? '')]);
  const touchedSources = [...new Set([...written, ...imported])].filter((path) => all.has(path));
  return ({ isChanged }) => (isChanged ? sources : touchedSources);
}

/** Returns all sources, and data files that the change adds. */
function sourcesOf({ files, paths }: DeliveredTree): string[] {
  const isNew = new Set(files.flatMap(({ path, status }) => (status === 'added' ? [path] : [])));
  return paths.filter(
    (path) =>
      !BESIDE_PRODUCT.test(path) && (isSource(path) || (isNew.has(path) && DATA_FILE.test(path) && !isForTests(path))),
  );
}

/** Values and templates that a program reads; neither manifests nor settings of tools. */
const DATA_FILE =
  /^(?!(?:.*\/)?(?:\.|package(?:-lock)?\.json$|tsconfig|jsconfig|composer\.json$|docker-compose|compose\.|openapi|renovate|pom\.xml$|pyproject|Cargo\.|requirements))(?:.*\/)?[^/]+\.(?:json5?|ya?ml|csv|tsv|sql|html|hbs|ejs|pug|njk|mustache|tmpl|tpl|jinja2?|j2|graphql|gql|proto|wasm|xml|xsd|xsl|pem|txt|dat|toml)$/i;
/** Lists that say what is packed; all other lists say what is not packed. */
const LISTS_PACKED =
  /(^|\/)(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|Cargo\.toml|[^/]*(?:Dockerfile|Containerfile)[^/]*)$/;

function listsOf({ files, paths, after, before }: DeliveredTree): PackingList[] {
  return paths.filter(isPackingList).flatMap((path): PackingList[] => {
    const text = after.get(path);
    const leavesOut = text === undefined ? undefined : readPackingList({ path, text, paths, texts: after });
    if (leavesOut === undefined) return [];
    const isChanged = files.some((one) => one.path === path);
    const former = before.get(path);
    if (!isChanged) return [{ path, isChanged, leavesOut, leftOutBefore: leavesOut }];
    const leftOutBefore =
      former === undefined ? undefined : readPackingList({ path, text: former, paths, texts: after });
    return [{ path, isChanged, leavesOut, leftOutBefore: leftOutBefore ?? (() => false) }];
  });
}

function findingsOfList(
  tree: DeliveredTree,
  { path, isChanged, leavesOut, leftOutBefore }: PackingList,
  from: Context,
): DeliveredFact[] {
  const { sources } = from;
  const changed = new Set(changedPaths(tree));
  const isNew = (one: string): boolean => tree.files.some((file) => file.path === one && file.status === 'added');
  const leftOutNow = new Set(
    sources.filter((one) => leavesOut(one) && (changed.has(one) || !isChanged || !leftOutBefore(one))),
  );
  const packed = sources.filter((one) => !leavesOut(one));
  const users = new Map<string, string>();
  const newNames = [...leftOutNow].filter(isNew).map(importNameOf);
  for (const user of packed) {
    const text = tree.after.get(user);
    // If neither this file nor the list changed, the file can import only a new source as a newly left out one.
    if (text === undefined || !(isChanged || changed.has(user) || newNames.some((name) => text.includes(name))))
      continue;
    const readBefore = changed.has(user) ? filesReadBy(from, user, textBefore(tree, user)) : undefined;
    for (const one of filesReadBy(from, user, text)) {
      if (!leftOutNow.has(one) || one === user) continue;
      const isNewlyLeftOut = isNew(one) || readBefore?.has(one) === false || (isChanged && !leftOutBefore(one));
      if (isNewlyLeftOut) users.set(one, user);
    }
  }
  const testedByChange = isChanged || !LISTS_PACKED.test(path) ? new Set<string>() : testedFiles(tree, from);
  const withoutUser = [...leftOutNow].filter((one) =>
    isChanged
      ? changed.has(one) && (isNew(one) || !leftOutBefore(one)) && hasPackedSibling(one, packed)
      : isNew(one) && testedByChange.has(one) && (hasPackedSibling(one, packed) || isPartOfPackage(one, packed)),
  );
  return [...new Set([...users.keys(), ...withoutUser])].map((one) => {
    const user = users.get(one);
    const why = user === undefined ? '' : `, which ${user} imports`;
    return isChanged
      ? {
          path,
          line: null,
          what: `leaves ${one} out of what is delivered${why}`,
          text: '',
          showsWholeChange: true as const,
        }
      : {
          path: one,
          line: null,
          what: `is left out of what is delivered by ${path}${why}`,
          text: '',
          showsWholeChange: true as const,
        };
  });
}

/** Returns the name by which an import names a file; for an index file, the name of its folder. */
function importNameOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');
  return /^(?:index|__init__|mod)$/.test(name) ? folderOf(path).slice(folderOf(path).lastIndexOf('/') + 1) : name;
}

/** Returns the files that tests of the change import. */
function testedFiles(tree: DeliveredTree, from: Context): Set<string> {
  const tests = changedPaths(tree).filter(isForTests);
  return new Set(tests.flatMap((path) => [...filesReadBy(from, path, tree.after.get(path) ?? '')]));
}

function isPartOfPackage(path: string, packed: string[]): boolean {
  const above = folderOf(folderOf(path));
  return path.endsWith('.py') && above !== '' && packed.some((one) => one.endsWith('.py') && folderOf(one) === above);
}

interface Context {
  resolve: Resolve;
  sources: string[];
}

/** Signs of a file that reads data next to itself, not in the working directory. */
const READS_BESIDE_ITSELF =
  /\b__dirname\b|\bimport\.meta\b|\brequire\.resolve\b|\b__file__\b|\bimportlib[._]resources\b|\bpkgutil\b|\bpkg_resources\b|\bPackageLoader\b|\b__dir__\b|\b__DIR__\b/;

/** Returns the modules that a file imports, and the data files that it names by their path or the last part of it. */
function filesReadBy({ resolve, sources }: Context, path: string, text: string): Set<string> {
  const { imports, texts } = referencesOf(path, text);
  const data = READS_BESIDE_ITSELF.test(text) ? sources.filter((one) => DATA_FILE.test(one)) : [];
  const namedData = texts.flatMap((one) => {
    const dataPath = one.replace(/^(?:\.{1,2}\/|\/)+/, '');
    return DATA_FILE.test(dataPath) ? data.filter((other) => other === dataPath || other.endsWith(`/${dataPath}`)) : [];
  });
  return new Set([...imports.flatMap((specifier) => resolve.imported(path, specifier)), ...namedData]);
}

/** True if the list packs another file of the same folder: the folder then belongs to the product. */
function hasPackedSibling(path: string, packed: string[]): boolean {
  return folderOf(path) !== '' && packed.some((one) => folderOf(one) === folderOf(path));
}
