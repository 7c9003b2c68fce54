/**
 * Names and files that the change takes away and that a file which it leaves alone still asks for. Pure.
 *
 * Tests are not asked: their run has told. Where a module may give more than is written, nothing is found.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { JS_FILE } from '../imports/js-imports';
import { givenNames, namedImports } from '../imports/js-names';
import { definedByPython, givenByPython, takenNames } from '../imports/py-names';
import { createResolve, folderOf } from '../judges/resolve';
import type { Resolve } from '../judges/resolve';
import { placeAt } from '../places';
import { isForTests, isSource, textBefore } from './tree';
import type { DeliveredTree } from './tree';

/** Programs without an ending, and pages with scripts in them. */
const PROGRAM = /(^|\/)(?:bin|scripts?)\/[^/.]+$/;
const PAGE = /\.(?:html?|vue|svelte|astro)$/;
const MOST_STARS = 5;

interface Taken {
  specifier: string;
  line: number;
  names: string[];
}

export function mayAskForGone(path: string): boolean {
  return PROGRAM.test(path);
}

/** True where a name or a file is gone, so that the texts of all code are needed to tell who asks for it. */
export function hasGone(tree: DeliveredTree): boolean {
  return goneIn(tree).size > 0 || deletedIn(tree).length > 0;
}

export function goneNames(tree: DeliveredTree): DeliveredFact[] {
  const gone = goneIn(tree);
  const deleted = deletedIn(tree);
  if (gone.size === 0 && deleted.length === 0) return [];
  const changed = new Set(tree.files.map(({ path }) => path));
  const users = [...tree.after].filter(
    ([path, text]) =>
      !changed.has(path) &&
      !isForTests(path) &&
      !/(^|\/)(?:node_modules|vendor|dist)\//.test(path) &&
      takes(path, text),
  );
  return [...namesAskedFor(tree, gone, users), ...filesAskedFor(tree, deleted, users)];
}

type Users = Array<[string, string]>;
interface Seen {
  tree: DeliveredTree;
  resolve: Resolve;
}

function takes(path: string, text: string): boolean {
  return JS_FILE.test(path) || path.endsWith('.py') || PAGE.test(path) || (PROGRAM.test(path) && text.startsWith('#!'));
}

/** By file, the names that it gave and does not give any more. */
function goneIn(tree: DeliveredTree): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { path, status } of tree.files) {
    if (status !== 'modified' || !isSource(path)) continue;
    const names = goneOf(path, textBefore(tree, path), tree.after.get(path) ?? '');
    if (names.length > 0) found.set(path, new Set(names));
  }
  return found;
}

function goneOf(path: string, before: string, after: string): string[] {
  if (path.endsWith('.py')) {
    const now = givenByPython(after);
    return now === undefined ? [] : [...definedByPython(before)].filter((name) => !now.has(name));
  }
  if (!JS_FILE.test(path)) return [];
  const [former, now] = [givenNames(before), givenNames(after)];
  return now.isOpen || former.isOpen ? [] : [...former.names].filter((name) => !now.names.has(name));
}

function namesAskedFor(tree: DeliveredTree, gone: Map<string, Set<string>>, users: Users): DeliveredFact[] {
  if (gone.size === 0) return [];
  const resolve = createResolve(tree.paths, tree.after);
  const seen = { tree, resolve };
  const words = [...new Set([...gone.values()].flatMap((names) => [...names]))];
  return users.flatMap(([user, text]) => {
    if (!words.some((word) => word === 'default' || text.includes(word))) return [];
    return takenIn(user, text).flatMap(({ specifier, line, names }) =>
      filesOf(resolve, user, specifier).flatMap((target) =>
        givers(seen, target).flatMap((path): DeliveredFact[] => {
          const name = names.find((one) => gone.get(path)?.has(one) === true && !isGiven(seen, target, one));
          if (name === undefined) return [];
          const what = `does not give "${name}" any more, which ${user}:${line} takes from it; keep the name, or change its user too`;
          return [{ path, line: null, what, text: '', isWhole: true as const }];
        }),
      ),
    );
  });
}

/** Where an ending is missing in a program, the file is one of JavaScript or of Python by its first line. */
function seenAs(path: string, text: string): string {
  if (PROGRAM.test(path)) return /^#!.*python/.test(text) ? `${path}.py` : `${path}.js`;
  return PAGE.test(path) ? `${path}.js` : path;
}

function takenIn(user: string, text: string): Taken[] {
  const path = seenAs(user, text);
  if (path.endsWith('.py')) return takenNames(text).map(({ module, ...rest }) => ({ specifier: module, ...rest }));
  return namedImports(PAGE.test(user) ? scriptsIn(text) : text).filter(({ isType }) => !isType);
}

/** All else is blank, so that lines stay where they are. */
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

function filesOf(resolve: Resolve, user: string, specifier: string): string[] {
  const isModule = user.endsWith('.py');
  const seen = /\.[A-Za-z]+$/.test(user) && !PAGE.test(user) ? [user] : [`${user}.js`, `${user}.py`];
  const found = seen.flatMap((path) =>
    resolve.imported(path, specifier.replace(/^\/(?!\/)/, PAGE.test(user) ? './' : '/')),
  );
  // Of a module of Python, the folders above it give nothing of the name.
  return isModule ? found.slice(0, 1) : found;
}

/** The file, and those whose names it gives on as a whole. */
function givers({ tree, resolve }: Seen, path: string, depth = MOST_STARS): string[] {
  const text = tree.after.get(path);
  if (text === undefined || depth === 0 || !JS_FILE.test(path)) return [path];
  const stars = givenNames(text).stars.flatMap((one) => resolve.imported(path, one));
  return [...new Set([path, ...stars.flatMap((one) => givers({ tree, resolve }, one, depth - 1))])];
}

function isGiven({ tree, resolve }: Seen, path: string, name: string): boolean {
  if (path.endsWith('.py'))
    return isSubmodule(tree, path, name) || givenByPython(tree.after.get(path) ?? '')?.has(name) !== false;
  return givers({ tree, resolve }, path).some((one) => {
    const { names, isOpen, stars } = givenNames(tree.after.get(one) ?? '');
    return isOpen || names.has(name) || stars.some((star) => resolve.imported(one, star).length === 0);
  });
}

export function isSubmodule({ paths }: DeliveredTree, path: string, name: string): boolean {
  const folder = folderOf(path);
  return (
    path.endsWith('/__init__.py') &&
    (paths.includes(`${folder}/${name}.py`) || paths.includes(`${folder}/${name}/__init__.py`))
  );
}

function deletedIn({ files }: DeliveredTree): string[] {
  return files.flatMap(({ path, status }) =>
    status === 'deleted' && isSource(path) && (JS_FILE.test(path) || path.endsWith('.py')) ? [path] : [],
  );
}

function filesAskedFor(tree: DeliveredTree, deleted: string[], users: Users): DeliveredFact[] {
  if (deleted.length === 0) return [];
  const all = [...tree.paths, ...deleted];
  const [before, now] = [createResolve(all, tree.after), createResolve(tree.paths, tree.after)];
  const found = users.flatMap(([user, text]) =>
    [...takenIn(user, text), ...srcsIn(user, text)].flatMap(({ specifier, line }): DeliveredFact[] => {
      const path = filesOf(before, user, specifier).find((one) => deleted.includes(one));
      if (path === undefined || filesOf(now, user, specifier).length > 0) return [];
      const what = `is gone, and ${user}:${line} still asks for it; change its user too`;
      return [{ path, line: null, what, text: '', isWhole: true as const }];
    }),
  );
  return found.filter(({ path, what }, at) => found.findIndex((one) => one.path === path && one.what === what) === at);
}

/** `<script src="a.js">`. */
function srcsIn(user: string, text: string): Taken[] {
  if (!PAGE.test(user)) return [];
  return text.split('\n').flatMap((row, at) =>
    [...row.slice(0, 2_000).matchAll(/<script\b[^>]{0,300}?\bsrc=["']([^"':]{1,300})["']/g)].map(([, src = '']) => ({
      specifier: /^[./]/.test(src) ? src : `./${placeAt('', src)}`,
      line: at + 1,
      names: [],
    })),
  );
}
