/**
 * Lists of what is ignored, as git, npm and docker write them: the last line that fits decides. Pure.
 *
 * A class of signs stands for any sign: what is found is shown to a person, and a class must not hide it.
 */
import { pathPatterns } from '../path-patterns';

interface RuleOptions {
  /** Each pattern begins at the folder, as docker reads it. */
  isRooted?: boolean;
  /** Attributes of git: the same rules. */
  isAttribute?: boolean;
}

/** True for a path that the pattern fits, or that lies in a folder that it fits. */
export function ignoreRule(
  pattern: string,
  folder: string,
  { isRooted = false }: RuleOptions = {},
): (path: string) => boolean {
  const bare = pattern
    .replace(/^"(.*)"$/, '$1')
    .replace(/\\(.)/g, '$1')
    .replace(/\[[^\]]{1,100}\]/g, '?')
    .replace(/^\.\//, '')
    .replace(/\/+$/, '');
  if (bare === '' || bare === '.') return () => false;
  const isAnchored = isRooted || bare.includes('/');
  const own = isAnchored ? bare.replace(/^\/+/, '') : `**/${bare}`;
  const fits = pathPatterns([folder === '' ? own : `${folder}/${own}`]);
  return (path) => withAbove(path).some(fits);
}

export function ignoreList(text: string, folder: string, options: RuleOptions = {}): (path: string) => boolean {
  const rows = text.split('\n').map((line) => line.trim());
  // From the last one on; of two lines that are the same only the later one can decide.
  const rules = [...new Set(rows.reverse())].flatMap((row) => {
    if (row === '' || row.startsWith('#')) return [];
    const isBack = row.startsWith('!');
    return [{ isBack, fits: ignoreRule(isBack ? row.slice(1) : row, folder, options) }];
  });
  return (path) => {
    const deciding = rules.find(({ fits }) => fits(path));
    return deciding !== undefined && !deciding.isBack;
  };
}

/** The path, and the folders that it lies in. */
function withAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
}
