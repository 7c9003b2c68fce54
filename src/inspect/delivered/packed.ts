/**
 * Sources that a list leaves out of what is delivered, though what is delivered imports them or the change has just written them. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { createResolve, folderOf } from '../judges/resolve';
import type { Resolve } from '../judges/resolve';
import { referencesOf } from '../judges/references';
import { isList, readList } from './pack-lists';

import type { LeftOut } from './pack-lists';
import { BESIDE, changedPaths, isForTests, isSource, textBefore } from './tree';
import type { DeliveredTree } from './tree';

interface List {
  path: string;
  isChanged: boolean;
  leavesOut: LeftOut;
  /** Before the change. */
  left: LeftOut;
}

/** True where a source is left out, so that the texts of all code are needed to tell who imports it. */
export function mayLeaveOut(tree: DeliveredTree): boolean {
  const asked = askedOf(tree);
  return listsOf(tree).some((list) => asked(list).some(list.leavesOut));
}

export function leftOut(tree: DeliveredTree): DeliveredFact[] {
  const asked = askedOf(tree);
  const lists = listsOf(tree).filter((list) => asked(list).some(list.leavesOut));
  if (lists.length === 0) return [];
  const sources = sourcesOf(tree);
  const resolve = createResolve(tree.paths, tree.after);
  return lists.flatMap((list) => ofList(tree, list, { sources, resolve }));
}

/** A list that is as it was can newly leave out only what the change writes or imports. */
function askedOf(tree: DeliveredTree): (list: List) => string[] {
  const sources = sourcesOf(tree);
  const all = new Set(sources);
  const written = changedPaths(tree).filter((path) => all.has(path));
  const resolve = createResolve(tree.paths, tree.after);
  const imported = written.flatMap((path) => [...leadsOf({ resolve, sources }, path, tree.after.get(path) ?? '')]);
  const near = [...new Set([...written, ...imported])].filter((path) => all.has(path));
  return ({ isChanged }) => (isChanged ? sources : near);
}

/** Sources, and data that the change adds beside them. */
function sourcesOf({ files, paths }: DeliveredTree): string[] {
  const isNew = new Set(files.flatMap(({ path, status }) => (status === 'added' ? [path] : [])));
  return paths.filter(
    (path) => !BESIDE.test(path) && (isSource(path) || (isNew.has(path) && DATA.test(path) && !isForTests(path))),
  );
}

/** Values and templates that a program reads; no manifest, no setting of a tool. */
const DATA =
  /^(?!(?:.*\/)?(?:\.|package(?:-lock)?\.json$|tsconfig|jsconfig|composer\.json$|docker-compose|compose\.|openapi|renovate|pom\.xml$|pyproject|Cargo\.|requirements))(?:.*\/)?[^/]+\.(?:json5?|ya?ml|csv|tsv|sql|html|hbs|ejs|pug|njk|mustache|tmpl|tpl|jinja2?|j2|graphql|gql|proto|wasm|xml|xsd|xsl|pem|txt|dat|toml)$/i;
/** Lists of what is packed; the others say what is not. */
const TAKES =
  /(^|\/)(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|Cargo\.toml|[^/]*(?:Dockerfile|Containerfile)[^/]*)$/;

function listsOf({ files, paths, after, before }: DeliveredTree): List[] {
  return paths.filter(isList).flatMap((path) => {
    const text = after.get(path);
    const leavesOut = text === undefined ? undefined : readList({ path, text, paths, texts: after });
    if (leavesOut === undefined) return [];
    const isChanged = files.some((one) => one.path === path);
    const former = before.get(path);
    const left = !isChanged
      ? leavesOut
      : former === undefined
        ? undefined
        : readList({ path, text: former, paths, texts: after });
    return [{ path, isChanged, leavesOut, left: left ?? (() => false) }];
  });
}

function ofList(tree: DeliveredTree, { path, isChanged, leavesOut, left }: List, from: From): DeliveredFact[] {
  const { sources } = from;
  const changed = new Set(changedPaths(tree));
  const isNew = (one: string): boolean => tree.files.some((file) => file.path === one && file.status === 'added');
  const away = new Set(sources.filter((one) => leavesOut(one) && (changed.has(one) || !isChanged || !left(one))));
  const packed = sources.filter((one) => !leavesOut(one));
  const users = new Map<string, string>();
  const fresh = [...away].filter(isNew).map(nameOf);
  for (const user of packed) {
    const text = tree.after.get(user);
    // A file that is as it was brings in nothing by an old list but what is new.
    if (text === undefined || !(isChanged || changed.has(user) || fresh.some((name) => text.includes(name)))) continue;
    const former = changed.has(user) ? leadsOf(from, user, textBefore(tree, user)) : undefined;
    for (const one of leadsOf(from, user, text)) {
      if (!away.has(one) || one === user) continue;
      const isFresh = isNew(one) || former?.has(one) === false || (isChanged && !left(one));
      if (isFresh) users.set(one, user);
    }
  }
  const tested = isChanged || !TAKES.test(path) ? new Set<string>() : testedIn(tree, from);
  const singled = [...away].filter((one) =>
    isChanged
      ? changed.has(one) && (isNew(one) || !left(one)) && hasPackedSibling(one, packed)
      : isNew(one) && tested.has(one) && (hasPackedSibling(one, packed) || isPartOfPackage(one, packed)),
  );
  return [...new Set([...users.keys(), ...singled])].map((one) => {
    const user = users.get(one);
    const why = user === undefined ? '' : `, which ${user} imports`;
    return isChanged
      ? { path, line: null, what: `leaves ${one} out of what is delivered${why}`, text: '', isWhole: true as const }
      : {
          path: one,
          line: null,
          what: `is left out of what is delivered by ${path}${why}`,
          text: '',
          isWhole: true as const,
        };
  });
}

/** By which an import names it: of an index, that of its folder. */
function nameOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');
  return /^(?:index|__init__|mod)$/.test(name) ? folderOf(path).slice(folderOf(path).lastIndexOf('/') + 1) : name;
}

/** What tests of the change import. */
function testedIn(tree: DeliveredTree, from: From): Set<string> {
  const tests = changedPaths(tree).filter(isForTests);
  return new Set(tests.flatMap((path) => [...leadsOf(from, path, tree.after.get(path) ?? '')]));
}

function isPartOfPackage(path: string, packed: string[]): boolean {
  const above = folderOf(folderOf(path));
  return path.endsWith('.py') && above !== '' && packed.some((one) => one.endsWith('.py') && folderOf(one) === above);
}

interface From {
  resolve: Resolve;
  sources: string[];
}

/** A file that reads what lies beside it, not what its user has where he works. */
const BESIDE_ITSELF =
  /\b__dirname\b|\bimport\.meta\b|\brequire\.resolve\b|\b__file__\b|\bimportlib[._]resources\b|\bpkgutil\b|\bpkg_resources\b|\bPackageLoader\b|\b__dir__\b|\b__DIR__\b/;

/** Modules that a file imports, and data that it names by its path or its last part. */
function leadsOf({ resolve, sources }: From, path: string, text: string): Set<string> {
  const { imports, texts } = referencesOf(path, text);
  const data = BESIDE_ITSELF.test(text) ? sources.filter((one) => DATA.test(one)) : [];
  const named = texts.flatMap((one) => {
    const bare = one.replace(/^(?:\.{1,2}\/|\/)+/, '');
    return DATA.test(bare) ? data.filter((other) => other === bare || other.endsWith(`/${bare}`)) : [];
  });
  return new Set([...imports.flatMap((specifier) => resolve.imported(path, specifier)), ...named]);
}

/** The list takes a part of a folder, so that it is no folder beside the product. */
function hasPackedSibling(path: string, packed: string[]): boolean {
  return folderOf(path) !== '' && packed.some((one) => folderOf(one) === folderOf(path));
}
