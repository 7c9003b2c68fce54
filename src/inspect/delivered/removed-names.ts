/**
 * Finds exports and files that the change removes although an untouched file still uses them. Pure.
 *
 * Uses in tests are not reported, because their run fails by itself. Modules whose exports cannot be listed are not checked.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { JS_FILE } from '../imports/js-imports';
import { exportedNames, namedImports } from '../imports/js-names';
import { topLevelNames, pythonExports, importedNames } from '../imports/py-names';
import { createResolve, folderOf } from '../judges/resolve';
import type { Resolve } from '../judges/resolve';
import { placeAt } from '../places';
import { isForTests, isSource, textBefore } from './tree';
import type { DeliveredTree } from './tree';

/** Programs without an ending, and pages with scripts in them. */
const PROGRAM = /(^|\/)(?:bin|scripts?)\/[^/.]+$/;
const PAGE = /\.(?:html?|vue|svelte|astro)$/;
/** How many `export *` steps are followed. */
const MAX_REEXPORT_DEPTH = 5;

/** One import of a file. */
interface ImportedNames {
  specifier: string;
  line: number;
  names: string[];
}

/** True for programs without a file ending, whose texts are needed to find their imports. */
export function isProgram(path: string): boolean {
  return PROGRAM.test(path);
}

/** True if the change removes an export or a file. The rule then needs the texts of all code, to find the users. */
export function hasRemovals(tree: DeliveredTree): boolean {
  return removedExports(tree).size > 0 || deletedSources(tree).length > 0;
}

/** Finds each removed export or file with an untouched file that still uses it. */
export function findRemovedNames(tree: DeliveredTree): DeliveredFact[] {
  const removedByPath = removedExports(tree);
  const deleted = deletedSources(tree);
  if (removedByPath.size === 0 && deleted.length === 0) return [];
  const changed = new Set(tree.files.map(({ path }) => path));
  const users = [...tree.after].filter(
    ([path, text]) =>
      !changed.has(path) &&
      !isForTests(path) &&
      !/(^|\/)(?:node_modules|vendor|dist)\//.test(path) &&
      hasReadableImports(path, text),
  );
  return [...usesOfNames(tree, removedByPath, users), ...usesOfFiles(tree, deleted, users)];
}

/** Path and text of each untouched file that may import something. */
type Users = Array<[string, string]>;
interface TreeIndex {
  tree: DeliveredTree;
  resolve: Resolve;
}

function hasReadableImports(path: string, text: string): boolean {
  return JS_FILE.test(path) || path.endsWith('.py') || PAGE.test(path) || (PROGRAM.test(path) && text.startsWith('#!'));
}

/** Returns, by path, the names that the file exported and no longer exports. */
function removedExports(tree: DeliveredTree): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { path, status } of tree.files) {
    if (status !== 'modified' || !isSource(path)) continue;
    const names = removedExportsOf(path, textBefore(tree, path), tree.after.get(path) ?? '');
    if (names.length > 0) found.set(path, new Set(names));
  }
  return found;
}

function removedExportsOf(path: string, before: string, after: string): string[] {
  if (path.endsWith('.py')) {
    const namesAfter = pythonExports(after);
    return namesAfter === undefined ? [] : [...topLevelNames(before)].filter((name) => !namesAfter.has(name));
  }
  if (!JS_FILE.test(path)) return [];
  const [exportsBefore, exportsAfter] = [exportedNames(before), exportedNames(after)];
  return exportsAfter.isOpen || exportsBefore.isOpen
    ? []
    : [...exportsBefore.names].filter((name) => !exportsAfter.names.has(name));
}

function usesOfNames(tree: DeliveredTree, removedByPath: Map<string, Set<string>>, users: Users): DeliveredFact[] {
  if (removedByPath.size === 0) return [];
  const resolve = createResolve(tree.paths, tree.after);
  const index = { tree, resolve };
  const words = [...new Set([...removedByPath.values()].flatMap((names) => [...names]))];
  return users.flatMap(([user, text]) => {
    if (!words.some((word) => word === 'default' || text.includes(word))) return [];
    return importsIn(user, text).flatMap(({ specifier, line, names }) =>
      resolveFiles(resolve, user, specifier).flatMap((target) =>
        exportingFiles(index, target).flatMap((path): DeliveredFact[] => {
          const name = names.find(
            (one) => removedByPath.get(path)?.has(one) === true && !isStillExported(index, target, one),
          );
          if (name === undefined) return [];
          const what = `no longer exports "${name}", which ${user}:${line} imports; keep the name, or change ${user} too`;
          return [{ path, line: null, what, text: '', showsWholeChange: true as const }];
        }),
      ),
    );
  });
}

/** Returns the path with a file ending for the reader of imports; in a program without one, the first line decides. */
function pathWithEnding(path: string, text: string): string {
  if (PROGRAM.test(path)) return /^#!.*python/.test(text) ? `${path}.py` : `${path}.js`;
  return PAGE.test(path) ? `${path}.js` : path;
}

function importsIn(user: string, text: string): ImportedNames[] {
  const path = pathWithEnding(user, text);
  if (path.endsWith('.py')) return importedNames(text).map(({ module, ...rest }) => ({ specifier: module, ...rest }));
  return namedImports(PAGE.test(user) ? scriptsIn(text) : text).filter(({ isType }) => !isType);
}

/** Blanks all text outside `<script>`, so that line numbers stay the same. */
function scriptsIn(text: string): string {
  const parts = text.split('<script');
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  return parts
    .map((part, at) => {
      const [open, close] = [part.indexOf('>') + 1, part.indexOf('</script')];
      if (at === 0 || close < open) return blank(part);
      return `${blank(part.slice(0, open))}${part.slice(open, close)}${blank(part.slice(close))}`;
    })
    .join('       ');
}

function resolveFiles(resolve: Resolve, user: string, specifier: string): string[] {
  const isModule = user.endsWith('.py');
  const candidates = /\.[A-Za-z]+$/.test(user) && !PAGE.test(user) ? [user] : [`${user}.js`, `${user}.py`];
  const found = candidates.flatMap((path) =>
    resolve.imported(path, specifier.replace(/^\/(?!\/)/, PAGE.test(user) ? './' : '/')),
  );
  // Python: the further results are the packages above the module, and these do not define the name.
  return isModule ? found.slice(0, 1) : found;
}

/** Returns the file, and the files that it re-exports with `export *`. */
function exportingFiles({ tree, resolve }: TreeIndex, path: string, depth = MAX_REEXPORT_DEPTH): string[] {
  const text = tree.after.get(path);
  if (text === undefined || depth === 0 || !JS_FILE.test(path)) return [path];
  const stars = exportedNames(text).stars.flatMap((one) => resolve.imported(path, one));
  return [...new Set([path, ...stars.flatMap((one) => exportingFiles({ tree, resolve }, one, depth - 1))])];
}

function isStillExported({ tree, resolve }: TreeIndex, path: string, name: string): boolean {
  if (path.endsWith('.py'))
    return isSubmodule(tree, path, name) || pythonExports(tree.after.get(path) ?? '')?.has(name) !== false;
  return exportingFiles({ tree, resolve }, path).some((one) => {
    const { names, isOpen, stars } = exportedNames(tree.after.get(one) ?? '');
    return isOpen || names.has(name) || stars.some((star) => resolve.imported(one, star).length === 0);
  });
}

/** True if the name is a module of a Python package, so that it needs no definition in `__init__.py`. */
export function isSubmodule({ paths }: DeliveredTree, path: string, name: string): boolean {
  const folder = folderOf(path);
  return (
    path.endsWith('/__init__.py') &&
    (paths.includes(`${folder}/${name}.py`) || paths.includes(`${folder}/${name}/__init__.py`))
  );
}

function deletedSources({ files }: DeliveredTree): string[] {
  return files.flatMap(({ path, status }) =>
    status === 'deleted' && isSource(path) && (JS_FILE.test(path) || path.endsWith('.py')) ? [path] : [],
  );
}

function usesOfFiles(tree: DeliveredTree, deleted: string[], users: Users): DeliveredFact[] {
  if (deleted.length === 0) return [];
  const all = [...tree.paths, ...deleted];
  const [resolveBefore, resolveAfter] = [createResolve(all, tree.after), createResolve(tree.paths, tree.after)];
  const found = users.flatMap(([user, text]) =>
    [...importsIn(user, text), ...scriptSources(user, text)].flatMap(({ specifier, line }): DeliveredFact[] => {
      const path = resolveFiles(resolveBefore, user, specifier).find((one) => deleted.includes(one));
      if (path === undefined || resolveFiles(resolveAfter, user, specifier).length > 0) return [];
      const what = `is deleted, and ${user}:${line} still loads it; change ${user} too`;
      return [{ path, line: null, what, text: '', showsWholeChange: true as const }];
    }),
  );
  return found.filter(({ path, what }, at) => found.findIndex((one) => one.path === path && one.what === what) === at);
}

/** Reads `<script src="a.js">`. */
function scriptSources(user: string, text: string): ImportedNames[] {
  if (!PAGE.test(user)) return [];
  return text.split('\n').flatMap((row, at) =>
    [...row.slice(0, 2_000).matchAll(/<script\b[^>]{0,300}?\bsrc=["']([^"':]{1,300})["']/g)].map(([, src = '']) => ({
      specifier: /^[./]/.test(src) ? src : `./${placeAt('', src)}`,
      line: at + 1,
      names: [],
    })),
  );
}
