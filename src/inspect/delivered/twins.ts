/**
 * Twins: two files that one name reaches, so that tests may load the one and the release the other. Pure.
 *
 * Files of a JavaScript module in two formats are no twins as long as everybody names their endings.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { referencesOf } from '../judges/references';
import { folderOf } from '../judges/resolve';
import { placeAt } from '../places';
import { changedPaths, isSource } from './tree';
import type { DeliveredTree } from './tree';

const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const PYTHON = /(?:\/__init__)?\.py$|(?:\.(?:cpython|abi3|cp\d)[\w-]*)?\.(?:so|pyd|pyc)$/;
/** What a name with this ending of a compiled file also reaches. */
const TYPED: Readonly<Record<string, string>> = { js: 'ts tsx jsx', jsx: 'tsx', mjs: 'mts', cjs: 'cts' };

/** True where `twinsOf` asks who imports a name: then the texts of all code are needed. */
export function hasTwins(tree: DeliveredTree): boolean {
  return pairsOf(tree).length > 0;
}

export function twinsOf(tree: DeliveredTree): DeliveredFact[] {
  return pairsOf(tree).flatMap(({ path, twin, isSure }) => {
    if (!isSure && !isNamedBare(tree, stemOf(path))) return [];
    const what = `and ${twin} are reached by one name: tests may load the one, and the release the other`;
    return [{ path, line: null, what, text: '', isWhole: true as const }];
  });
}

interface Pair {
  path: string;
  twin: string;
  /** One name reaches both, from every importer. */
  isSure: boolean;
}

function pairsOf(tree: DeliveredTree): Pair[] {
  const { files, paths, after } = tree;
  const changed = new Set(changedPaths(tree));
  if (changed.size === 0) return [];
  const groups = new Map<string, string[]>();
  for (const path of paths.filter(isTwinned))
    for (const name of namesOf(path)) groups.set(name, [...(groups.get(name) ?? []), path]);
  const isNew = (path: string): boolean => files.some((one) => one.path === path && one.status === 'added');
  return [...changed].filter(isTwinned).flatMap((path): Pair[] => {
    const twins = [...new Set(namesOf(path).flatMap((name) => groups.get(name) ?? []))].filter((one) => one !== path);
    const twin = twins.find((one) => {
      if (isNew(path) || isNew(one)) return true;
      const isSame = after.get(path) === after.get(one) && after.has(path);
      if (isSame) return false;
      // Both are written anew: the one is what the other is compiled to, as long as the same values stand in them.
      return !changed.has(one) || valuesOf(after.get(path)) !== valuesOf(after.get(one));
    });
    if (twin === undefined) return [];
    // Of two that are new, one says it.
    if (isNew(path) && isNew(twin) && path > twin) return [];
    return [
      { path, twin, isSure: !SCRIPT.test(path) || path.toLowerCase() === twin.toLowerCase() || areTyped(path, twin) },
    ];
  });
}

function isTwinned(path: string): boolean {
  return (
    isSource(path) ||
    (/\.(?:so|pyd|pyc)$/.test(path) && !/(^|\/)(?:__pycache__|node_modules|\.venv|site-packages)\//.test(path))
  );
}

/** Names that reach a file: its own in a file system that knows no case, and that of its module. */
function namesOf(path: string): string[] {
  const own = `file ${path.toLowerCase()}`;
  if (SCRIPT.test(path)) return [own, `script ${stemOf(path)}`];
  if (!PYTHON.test(path)) return [own];
  const module = path.replace(PYTHON, '');
  const packaged = /^(?:src|lib|python)\/(.+\/.+)$/.exec(module)?.[1];
  return [own, `python ${packaged ?? module}`];
}

function stemOf(path: string): string {
  return path.replace(SCRIPT, '');
}

function areTyped(one: string, other: string): boolean {
  const [a, b] = [endOf(one), endOf(other)];
  const reaches = (from: string, to: string): boolean => (TYPED[from] ?? '').split(' ').includes(to);
  return reaches(a, b) || reaches(b, a) || (/^tsx?$/.test(a) && /^tsx?$/.test(b));
}

function endOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** Another file imports the stem without an extension. */
function isNamedBare({ paths, after }: DeliveredTree, stem: string): boolean {
  const name = stem.slice(stem.lastIndexOf('/') + 1);
  const isIndex = name === 'index';
  const told = isIndex ? folderOf(stem).slice(folderOf(stem).lastIndexOf('/') + 1) : name;
  return paths.some((path) => {
    const text = after.get(path);
    if (text === undefined || !SCRIPT.test(path) || (!isIndex && !text.includes(told))) return false;
    return referencesOf(path, text).imports.some((specifier) => {
      const isNear = /^\.{1,2}(?:\/|$)/.test(specifier);
      const place = placeAt(isNear ? folderOf(path) : '', specifier.replace(/^[@~#]\//, ''));
      if (isNear) return place === stem || (isIndex && place === folderOf(stem));
      return place !== '' && (stem === place || stem.endsWith(`/${place}`)) && place.includes('/');
    });
  });
}

/** Numbers, and texts in quotes, as they come. */
function valuesOf(text = ''): string {
  const values = text.matchAll(/\b\d[\d_]*(?:\.\d+)?|"[^"\n]*"|'[^'\n]*'/g);
  return [...values].map(([one]) => one.replace(/^["']|["']$|_/g, '').replace(/\.[cm]?[jt]sx?$/, '')).join(' ');
}
