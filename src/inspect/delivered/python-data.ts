/**
 * Finds data files in Python packages that setuptools leaves out of a wheel: it packs modules, and data only if a list names it. Pure.
 */
import { folderOf } from '../judges/resolve';
import { pathPatterns } from '../path-patterns';
import { placeAt } from '../places';
import type { IsLeftOut, ListFile } from './pack-lists';

const LISTS = ['pyproject.toml', 'setup.cfg', 'setup.py', 'MANIFEST.in'];
/** Signs of a plugin with which setuptools packs all files that git tracks. */
const PACKS_ALL_OF_GIT = /setuptools[-_]scm|setuptools[-_]git|use_scm_version|\bpbr\b/;
const SECTION = /package[-_]data\b/;

/** Returns undefined if another program packs, and for each file of setuptools but the first, so that each data file is reported once. */
export function readPythonData({ path, text, texts, paths }: ListFile): IsLeftOut | undefined {
  const folder = folderOf(path);
  const lists = LISTS.map((name) => ({ name, text: texts.get(placeAt(folder, name)) ?? '' }));
  const firstList = lists.find((one) => one.text !== '')?.name;
  const toml = lists[0]?.text ?? '';
  const hasOtherBackend = /build-backend/.test(toml) && !/setuptools\.build_meta/.test(toml);
  const usesSetuptools = /setuptools/.test(toml) || lists.slice(1, 3).some((one) => one.text !== '');
  if (!path.endsWith(firstList ?? ' ') || hasOtherBackend || !usesSetuptools || text === '') return undefined;
  if (lists.some((one) => PACKS_ALL_OF_GIT.test(one.text))) return undefined;
  const isListed = pathPatterns(lists.flatMap((one) => patternsIn(one.name, one.text)));
  const files = new Set(paths);
  return (one) => {
    const isInPackage = one.startsWith(folder) && files.has(`${folderOf(one)}/__init__.py`);
    return isInPackage && !/\.(?:pyi?|so|pyd)$/.test(one) && !isListed(one.slice(one.lastIndexOf('/') + 1));
  };
}

/** Returns the last part of each pattern: the folders of the patterns are not compared. */
function patternsIn(name: string, text: string): string[] {
  if (name === 'MANIFEST.in')
    return text.split('\n').flatMap((row) => {
      const [command = '', ...words] = row.trim().split(/\s+/);
      if (command === 'graft') return ['*'];
      return /^(?:include|recursive-include|global-include)$/.test(command) ? words.map(lastPart) : [];
    });
  const at = text.search(SECTION);
  if (at < 0) return [];
  const rows = text.slice(at, at + 5_000);
  const quoted = [...rows.matchAll(/["']([^"'\n]{1,200})["']/g)].map(([, one = '']) => lastPart(one));
  const words = name === 'setup.cfg' ? rows.split(/[\s,=]+/).map(lastPart) : [];
  return [...quoted, ...words].filter((one) => /[.*]/.test(one));
}

function lastPart(pattern: string): string {
  return pattern.slice(pattern.lastIndexOf('/') + 1);
}
