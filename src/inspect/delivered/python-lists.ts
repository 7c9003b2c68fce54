/**
 * Reads packing lists of Python: which modules setuptools, poetry, hatch, pdm, flit and MANIFEST.in leave out. Pure.
 */
import { isObject } from '../../domain/json';
import { tomlOf } from '../origins/settings';
import { folderOf } from '../judges/resolve';
import { pathPatterns } from '../path-patterns';
import { placeAt } from '../places';
import { createIgnoreList, createIgnoreRule } from './ignore-rules';
import type { IsLeftOut, ListFile } from './pack-lists';

interface PackageSearch {
  /** Single modules beside the packages. */
  modules?: string[] | undefined;
  /** Names of the packages that are packed; undefined if setuptools searches for them. */
  listed?: string[] | undefined;
  include?: string[] | undefined;
  exclude?: string[] | undefined;
  /** True if a folder without `__init__.py` is no package. */
  needsInit?: boolean;
  /** The folder that contains the packages. */
  home: string;
}

export function readPyprojectLists({ path, text, paths }: ListFile): IsLeftOut | undefined {
  const tool = tomlOf(text)?.['tool'];
  const folder = folderOf(path);
  const setuptools = valueAt(tool, 'setuptools');
  const packages = valueAt(setuptools, 'packages');
  const find = valueAt(packages, 'find');
  const home = placeAt(
    folder,
    textsOf(valueAt(find, 'where'))?.[0] ?? String(valueAt(setuptools, 'package-dir', '') ?? ''),
  );
  const needsInit = valueAt(find, 'namespaces') === false;
  const modules = textsOf(valueAt(setuptools, 'py-modules'));
  const listed = textsOf(packages) ?? (isObject(find) || modules === undefined ? undefined : []);
  const found = [
    listed === undefined ? undefined : leftOutByPackages({ listed, modules, home }, paths),
    isObject(find)
      ? leftOutByPackages(
          { include: textsOf(find['include']), exclude: textsOf(find['exclude']), modules, needsInit, home },
          paths,
        )
      : undefined,
    leftOutByPatterns(folder, {
      exclude: textsOf(valueAt(tool, 'poetry', 'exclude')),
      include: includesOf(valueAt(tool, 'poetry', 'packages')),
    }),
    ...[
      ['hatch', 'build'],
      ['hatch', 'build', 'targets', 'wheel'],
      ['pdm', 'build'],
      ['flit', 'sdist'],
    ].map((keys) => {
      const build = valueAt(tool, ...keys);
      const include = ['only-include', 'packages', 'include', 'includes'].flatMap(
        (key) => textsOf(valueAt(build, key)) ?? [],
      );
      const exclude = ['exclude', 'excludes'].flatMap((key) => textsOf(valueAt(build, key)) ?? []);
      return leftOutByPatterns(folder, { include: include.length === 0 ? undefined : include, exclude });
    }),
  ].filter((one) => one !== undefined);
  return found.length === 0 ? undefined : (one) => one.endsWith('.py') && found.some((isLeftOut) => isLeftOut(one));
}

export function readSetupList({ path, text, paths }: ListFile): IsLeftOut | undefined {
  const listIn = (key: string): string[] | undefined => {
    const list = new RegExp(`\\b${key}\\s{0,9}=\\s{0,9}[[(]([^\\])]{0,5000})[\\])]`).exec(text)?.[1];
    return list === undefined ? undefined : quotedTexts(list);
  };
  const home = placeAt(
    folderOf(path),
    /package_dir\s{0,9}=\s{0,9}\{\s{0,9}["']["']\s{0,9}:\s{0,9}["']([^"']{0,200})/.exec(text)?.[1] ?? '',
  );
  const modules = listIn('py_modules');
  if (/\bfind(?:_namespace)?_packages\(/.test(text)) {
    const needsInit = !/\bfind_namespace_packages\(/.test(text);
    return leftOutByPackages(
      { include: listIn('include'), exclude: listIn('exclude'), modules, needsInit, home },
      paths,
    );
  }
  const listed = listIn('packages') ?? (modules === undefined || /\bpackages\s{0,9}=/.test(text) ? undefined : []);
  return listed === undefined ? undefined : leftOutByPackages({ listed, modules, home }, paths);
}

export function readSetupCfgList({ path, text, paths }: ListFile): IsLeftOut | undefined {
  const valueOf = (key: string): string[] | undefined => {
    const rows = text.split('\n');
    const at = rows.findIndex((row) => new RegExp(`^${key}\\s{0,9}=`).test(row));
    if (at < 0) return undefined;
    const more = rows.slice(at + 1);
    const end = more.findIndex((row) => !/^\s+\S/.test(row));
    const all = [
      (rows[at] ?? '').slice((rows[at] ?? '').indexOf('=') + 1),
      ...more.slice(0, end < 0 ? more.length : end),
    ];
    return all.flatMap((row) => row.split(/[\s,]+/)).filter(Boolean);
  };
  const modules = valueOf('py_modules');
  const packages = valueOf('packages') ?? (modules === undefined ? undefined : []);
  if (packages === undefined) return undefined;
  const home = placeAt(folderOf(path), valueOf('where')?.[0] ?? '');
  const isSearched = /^find(?:_namespace)?:$/.test(packages[0] ?? '');
  if (!isSearched) return leftOutByPackages({ listed: packages, modules, home }, paths);
  return leftOutByPackages(
    { include: valueOf('include'), exclude: valueOf('exclude'), modules, needsInit: packages[0] === 'find:', home },
    paths,
  );
}

export function readManifestIn({ path, text }: ListFile): IsLeftOut | undefined {
  const folder = folderOf(path);
  const rules = text.split('\n').flatMap((row) => {
    const [command = '', ...words] = row.trim().split(/\s+/);
    if (command === 'prune') return words.map((word) => createIgnoreRule(word, folder, { isRooted: true }));
    if (command === 'exclude') return words.map((word) => createIgnoreRule(word, folder, { isRooted: true }));
    if (command === 'global-exclude') return words.map((word) => createIgnoreRule(word, folder));
    if (command === 'recursive-exclude')
      return words.slice(1).map((word) => createIgnoreRule(`${words[0] ?? ''}/**/${word}`, folder, { isRooted: true }));
    return [];
  });
  return rules.length === 0 ? undefined : (one) => one.endsWith('.py') && rules.some((fits) => fits(one));
}

function leftOutByPackages(
  { listed, modules = [], include, exclude, needsInit = false, home }: PackageSearch,
  paths: readonly string[],
): IsLeftOut {
  const files = new Set(paths);
  const isIncluded = include === undefined ? () => true : pathPatterns(include);
  const isExcluded = pathPatterns(exclude ?? []);
  const modulePaths = new Set(modules.map((name) => placeAt(home, `${name.replaceAll('.', '/')}.py`)));
  const names = new Set(listed?.map((name) => name.replaceAll('/', '.')));
  return (path) => {
    const folder = folderOf(path);
    if (!path.endsWith('.py')) return false;
    if (folder === home) return !modulePaths.has(path);
    if (home !== '' && !folder.startsWith(`${home}/`)) return false;
    const parts = (home === '' ? folder : folder.slice(home.length + 1)).split('/');
    const name = parts.join('.');
    if (listed !== undefined) return !names.has(name) && !modulePaths.has(path);
    const lacksInit = parts.some(
      (_, at) => !files.has(placeAt(home, `${parts.slice(0, at + 1).join('/')}/__init__.py`)),
    );
    return isExcluded(name) || !isIncluded(name) || (needsInit && lacksInit);
  };
}

function leftOutByPatterns(
  folder: string,
  { include, exclude = [] }: { include?: string[] | undefined; exclude?: string[] | undefined },
): IsLeftOut | undefined {
  if (include === undefined && exclude.length === 0) return undefined;
  const isExcluded = createIgnoreList(exclude.join('\n'), folder);
  const covers = include?.map((one) => createIgnoreRule(one, folder, { isRooted: true }));
  const topFolders = new Set(include?.map((one) => placeAt(folder, one).split('/', 1)[0]));
  return (path) =>
    isExcluded(path) ||
    (covers !== undefined && topFolders.has(path.split('/', 1)[0]) && !covers.some((fits) => fits(path)));
}

function includesOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((one) =>
    isObject(one) && typeof one['include'] === 'string' ? [placeAt(String(one['from'] ?? ''), one['include'])] : [],
  );
}

function valueAt(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((one, key) => (isObject(one) && Object.hasOwn(one, key) ? one[key] : undefined), value);
}

function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
}

function quotedTexts(text: string): string[] {
  return [...text.matchAll(/["']([^"'\n]{1,300})["']/g)].map(([, one = '']) => one);
}
