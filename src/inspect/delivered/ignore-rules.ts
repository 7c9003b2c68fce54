/**
 * Reads ignore lists as git, npm and docker write them: the last line that matches a path decides. Pure.
 *
 * A character class such as `[ab]` is read as any character. This may report a file too many, which a person can approve; a match
 * too few would hide a finding.
 */
import { pathPatterns } from '../path-patterns';

interface RuleOptions {
  /** Patterns are relative to the folder of the list, as docker reads them. */
  isRooted?: boolean;
  /** The pattern is of .gitattributes, which has the same rules as .gitignore. */
  isAttribute?: boolean;
}

/** Returns a function that is true for a path that the pattern matches, or that lies in a folder that it matches. */
export function createIgnoreRule(
  pattern: string,
  folder: string,
  { isRooted = false }: RuleOptions = {},
): (path: string) => boolean {
  const plainPattern = pattern
    .replace(/^"(.*)"$/, '$1')
    .replace(/\\(.)/g, '$1')
    .replace(/\[[^\]]{1,100}\]/g, '?')
    .replace(/^\.\//, '')
    .replace(/\/+$/, '');
  if (plainPattern === '' || plainPattern === '.') return () => false;
  const isAnchored = isRooted || plainPattern.includes('/');
  const pathPattern = isAnchored ? plainPattern.replace(/^\/+/, '') : `**/${plainPattern}`;
  const fits = pathPatterns([folder === '' ? pathPattern : `${folder}/${pathPattern}`]);
  return (path) => pathAndFolders(path).some(fits);
}

/** Returns a function that is true for a path that the list ignores. */
export function createIgnoreList(text: string, folder: string, options: RuleOptions = {}): (path: string) => boolean {
  const rows = text.split('\n').map((line) => line.trim());
  // Reversed, because the last match decides. Of equal lines only the last one counts.
  const rules = [...new Set(rows.reverse())].flatMap((row) => {
    if (row === '' || row.startsWith('#')) return [];
    const isReincluded = row.startsWith('!');
    return [{ isReincluded, fits: createIgnoreRule(isReincluded ? row.slice(1) : row, folder, options) }];
  });
  return (path) => {
    const deciding = rules.find(({ fits }) => fits(path));
    return deciding !== undefined && !deciding.isReincluded;
  };
}

/** Returns the path and each folder above it. */
function pathAndFolders(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
}
