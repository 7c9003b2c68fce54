/**
 * Data within packages of Python that setuptools leaves out of a wheel: it packs what a list names, and modules. Pure.
 */
import { folderOf } from '../judges/resolve';
import { pathPatterns } from '../path-patterns';
import { placeAt } from '../places';
import type { LeftOut, ListFile } from './pack-lists';

const LISTS = ['pyproject.toml', 'setup.cfg', 'setup.py', 'MANIFEST.in'];
/** Packs all that git knows. */
const BY_GIT = /setuptools[-_]scm|setuptools[-_]git|use_scm_version|\bpbr\b/;
const SECTION = /package[-_]data\b/;

/** Undefined where another program packs, and for all but the first of setuptools' files. */
export function pythonData({ path, text, texts, paths }: ListFile): LeftOut | undefined {
  const folder = folderOf(path);
  const lists = LISTS.map((name) => ({ name, text: texts.get(placeAt(folder, name)) ?? '' }));
  const first = lists.find((one) => one.text !== '')?.name;
  const toml = lists[0]?.text ?? '';
  const isOther = /build-backend/.test(toml) && !/setuptools\.build_meta/.test(toml);
  const isOfTools = /setuptools/.test(toml) || lists.slice(1, 3).some((one) => one.text !== '');
  if (!path.endsWith(first ?? ' ') || isOther || !isOfTools || text === '') return undefined;
  if (lists.some((one) => BY_GIT.test(one.text))) return undefined;
  const isListed = pathPatterns(lists.flatMap((one) => patternsIn(one.name, one.text)));
  const files = new Set(paths);
  return (one) => {
    const isInPackage = one.startsWith(folder) && files.has(`${folderOf(one)}/__init__.py`);
    return isInPackage && !/\.(?:pyi?|so|pyd)$/.test(one) && !isListed(one.slice(one.lastIndexOf('/') + 1));
  };
}

/** The last part of each pattern: which folder it stands for is not asked. */
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
