/**
 * Finds the product function that a call means: by the imports of its file, or by a name that only one function has.
 * Pure.
 */
import { JS_FILE } from '../imports/js-imports';
import { namedImports } from '../imports/js-names';
import { bindingsOf } from '../imports/py-names';
import { PYTHON_MODULES } from '../imports/py-stdlib';
import type { Resolve } from '../judges/resolve';
import { folderOf } from '../judges/resolve';
import type { Call } from './calls';
import type { CodeFacts, FunctionFact } from './code-facts';

/** A name of a file and what it stands for in another file; `*` is the whole other module. */
export interface Bound {
  local: string;
  name: string;
  file: string;
  line: number;
}
interface Meant {
  path: string;
  defined: FunctionFact;
}

export function boundIn(
  path: string,
  text: string,
  { resolve, paths }: { resolve: Resolve; paths: ReadonlySet<string> },
): Bound[] {
  if (JS_FILE.test(path)) {
    return namedImports(text).flatMap(({ specifier, line, names, locals, whole, isType }): Bound[] => {
      const files = /^\.{1,2}\//.test(specifier) ? resolve.imported(path, specifier) : [];
      const [file] = files;
      if (file === undefined || isType) return [];
      const listed = names.slice(0, whole === undefined ? names.length : 0);
      const isWhole = whole !== undefined && locals.length === 1;
      const pairs = isWhole ? [[whole, '*']] : listed.map((name, at) => [locals[at] ?? '', name]);
      return pairs.map(([local = '', name = '']) => ({ local, name, file, line }));
    });
  }
  if (!path.endsWith('.py')) return [];
  return bindingsOf(text).flatMap(({ module, name, local, line }): Bound[] => {
    const joint = module.endsWith('.') ? '' : '.';
    const find = (specifier: string): string | undefined =>
      resolve.imported(path, specifier).find((file) => isOwnModule(paths, specifier, file));
    const inner = name === '*' ? undefined : find(`${module}${joint}${name}`);
    if (inner !== undefined) return [{ local, name: '*', file: inner, line }];
    const file = find(module);
    return file === undefined ? [] : [{ local, name, file, line }];
  });
}

/**
 * True for a module of the repository. A file with the same name outside the folders of modules does not count, nor
 * does the standard library.
 */
function isOwnModule(paths: ReadonlySet<string>, specifier: string, file: string): boolean {
  if (specifier.startsWith('.')) return true;
  if (PYTHON_MODULES.has(specifier.split('.')[0] ?? '')) return false;
  const end = specifier.replaceAll('.', '/');
  const module = file.replace(/(?:\/__init__)?\.py$/, '');
  if (module !== end && !module.endsWith(`/${end}`)) return false;
  const home = module.slice(0, module.length - end.length);
  return !paths.has(`${home}__init__.py`) || home === '';
}

export interface Known {
  facts: ReadonlyMap<string, CodeFacts>;
  bound(path: string): Bound[];
  /** True for a source of the product. */
  isLive(path: string): boolean;
  /** Returns the files whose text contains the word. */
  mentions(word: string): string[];
}

/** Returns the function that a call means; undefined if it may mean more than one. */
export function meantBy(
  { facts, bound }: Known,
  path: string,
  { name, object }: Pick<Call, 'name' | 'object'>,
): Meant | undefined {
  const own = facts.get(path);
  if (own === undefined) return undefined;
  if (JS_FILE.test(path) || path.endsWith('.py')) {
    // A parameter or a local name hides a name of the module.
    if (own.inner.has(object === '' ? name : object)) return undefined;
    const binding = bound(path).find(({ local }) => local === (object === '' ? name : object));
    if (binding === undefined) return object === '' ? onlyFunction(facts, [path], name) : undefined;
    if (object !== '') return binding.name === '*' ? onlyFunction(facts, [binding.file], name) : undefined;
    return binding.name === '*' ? undefined : onlyFunction(facts, [binding.file], binding.name);
  }
  const sameLanguage = [...facts.values()].filter(({ grammar }) => grammar === own.grammar).map((one) => one.path);
  if (path.endsWith('.go')) {
    const candidates = sameLanguage.filter((one) => (folderOf(one) === folderOf(path)) === (object === ''));
    return /^\w*$/.test(object) ? onlyFunction(facts, candidates, name) : undefined;
  }
  if (path.endsWith('.java')) {
    const classFiles =
      object === ''
        ? [path]
        : sameLanguage.filter((one) => one.endsWith(`/${object}.java`) || one === `${object}.java`);
    return onlyFunction(facts, classFiles, name);
  }
  if (path.endsWith('.rs'))
    return object === '' || /^[a-z_][\w:]*$/.test(object) ? onlyFunction(facts, sameLanguage, name) : undefined;
  return object === '' ? onlyFunction(facts, sameLanguage, name) : undefined;
}

/** Languages in which methods are called on an instance only. */
const NO_BARE_METHODS = /\.(?:[cm]?[jt]sx?|py)$/;

/** Returns the function with the name, if the files have exactly one. */
function onlyFunction(
  facts: ReadonlyMap<string, CodeFacts>,
  paths: readonly string[],
  name: string,
): Meant | undefined {
  const all = paths.flatMap((path) =>
    (facts.get(path)?.functions ?? []).flatMap((defined) =>
      defined.name === name && !(defined.isMethod && NO_BARE_METHODS.test(path)) ? [{ path, defined }] : [],
    ),
  );
  return all.length === 1 ? all[0] : undefined;
}

const MAX_DEPTH = 5;

/** True if the function and all functions that it calls are pure. */
export function isPure(known: Known, { path, defined }: Meant, depth = MAX_DEPTH): boolean {
  if (!defined.isPure || depth === 0) return false;
  return defined.needs.every((need) => {
    const meant = meantBy(known, path, need);
    if (meant === undefined) return false;
    return meant.defined === defined || isPure(known, meant, depth - 1);
  });
}
