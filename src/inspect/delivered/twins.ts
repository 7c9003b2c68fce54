/**
 * Finds twins: two files that the same import name reaches. Tests may load one of them and the release the other. Pure.
 *
 * Two formats of one JavaScript module, such as `a.mjs` and `a.cjs`, are no twins if every import names the ending.
 */
import { groupBy } from '../../domain/group-by';
import type { DeliveredFact } from '../../domain/delivered';
import { referencesOf } from '../judges/references';
import { folderOf } from '../judges/resolve';
import { placeAt } from '../places';
import { changedPaths, isSource } from './tree';
import type { DeliveredTree } from './tree';

const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const PYTHON = /(?:\/__init__)?\.py$|(?:\.(?:cpython|abi3|cp\d)[\w-]*)?\.(?:so|pyd|pyc)$/;
/** By the ending in an import: the endings of sources that it also reaches, since they are compiled to it. */
const SOURCE_ENDINGS: Readonly<Record<string, string>> = { js: 'ts tsx jsx', jsx: 'tsx', mjs: 'mts', cjs: 'cts' };

/** True if the change may have twins. The rule then needs the texts of all code, to know which file imports the name. */
export function hasTwins(tree: DeliveredTree): boolean {
  return pairsOf(tree).length > 0;
}

export function findTwins(tree: DeliveredTree): DeliveredFact[] {
  return pairsOf(tree).flatMap(({ path, twin, isSure }) => {
    if (!isSure && !isImportedWithoutEnding(tree, stemOf(path))) return [];
    const what = `and ${twin} are reached by one name: tests may load the one, and the release the other`;
    return [{ path, line: null, what, text: '', showsWholeChange: true as const }];
  });
}

interface Pair {
  path: string;
  twin: string;
  /** True if one name always reaches both files; false if only an import without an ending does. */
  isSure: boolean;
}

function pairsOf(tree: DeliveredTree): Pair[] {
  const { files, paths, after } = tree;
  const changed = new Set(changedPaths(tree));
  if (changed.size === 0) return [];
  const named = paths.filter(canHaveTwin).flatMap((path) => namesOf(path).map((name) => ({ name, path })));
  const groups = groupBy(named, ({ name }) => name);
  const added = new Set(files.filter(({ status }) => status === 'added').map(({ path }) => path));
  const isNew = (path: string): boolean => added.has(path);
  return [...changed].filter(canHaveTwin).flatMap((path): Pair[] => {
    const twins = [...new Set(namesOf(path).flatMap((name) => groups.get(name)?.map((one) => one.path) ?? []))].filter(
      (one) => one !== path,
    );
    const twin = twins.find((one) => {
      if (isNew(path) || isNew(one)) return true;
      const hasSameText = after.get(path) === after.get(one) && after.has(path);
      if (hasSameText) return false;
      // If the change writes both and they contain the same values, one is the compiled form of the other.
      return !changed.has(one) || valuesOf(after.get(path)) !== valuesOf(after.get(one));
    });
    if (twin === undefined) return [];
    // A pair of two new files is reported once.
    if (isNew(path) && isNew(twin) && path > twin) return [];
    return [
      {
        path,
        twin,
        isSure: !SCRIPT.test(path) || path.toLowerCase() === twin.toLowerCase() || isSourceOfOther(path, twin),
      },
    ];
  });
}

function canHaveTwin(path: string): boolean {
  return (
    isSource(path) ||
    (/\.(?:so|pyd|pyc)$/.test(path) && !/(^|\/)(?:__pycache__|node_modules|\.venv|site-packages)\//.test(path))
  );
}

/** Returns the names that reach a file: its path on a file system that ignores case, and its module name. */
function namesOf(path: string): string[] {
  const fileName = `file ${path.toLowerCase()}`;
  if (SCRIPT.test(path)) return [fileName, `script ${stemOf(path)}`];
  if (!PYTHON.test(path)) return [fileName];
  const module = path.replace(PYTHON, '');
  const packaged = /^(?:src|lib|python)\/(.+\/.+)$/.exec(module)?.[1];
  return [fileName, `python ${packaged ?? module}`];
}

function stemOf(path: string): string {
  return path.replace(SCRIPT, '');
}

function isSourceOfOther(one: string, other: string): boolean {
  const [a, b] = [endingOf(one), endingOf(other)];
  const reaches = (from: string, to: string): boolean => (SOURCE_ENDINGS[from] ?? '').split(' ').includes(to);
  return reaches(a, b) || reaches(b, a) || (/^tsx?$/.test(a) && /^tsx?$/.test(b));
}

function endingOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** True if a file imports the name without an ending. */
function isImportedWithoutEnding({ paths, after }: DeliveredTree, stem: string): boolean {
  const name = stem.slice(stem.lastIndexOf('/') + 1);
  const isIndex = name === 'index';
  const importName = isIndex ? folderOf(stem).slice(folderOf(stem).lastIndexOf('/') + 1) : name;
  return paths.some((path) => {
    const text = after.get(path);
    if (text === undefined || !SCRIPT.test(path) || (!isIndex && !text.includes(importName))) return false;
    return referencesOf(path, text).imports.some((specifier) => {
      const isRelative = /^\.{1,2}(?:\/|$)/.test(specifier);
      const place = placeAt(isRelative ? folderOf(path) : '', specifier.replace(/^[@~#]\//, ''));
      if (isRelative) return place === stem || (isIndex && place === folderOf(stem));
      return place !== '' && (stem === place || stem.endsWith(`/${place}`)) && place.includes('/');
    });
  });
}

/** Returns the numbers and quoted texts in their order. */
function valuesOf(text = ''): string {
  const values = text.matchAll(/\b\d[\d_]*(?:\.\d+)?|"[^"\n]*"|'[^'\n]*'/g);
  return [...values].map(([one]) => one.replace(/^["']|["']$|_/g, '').replace(/\.[cm]?[jt]sx?$/, '')).join(' ');
}
