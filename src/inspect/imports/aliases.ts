/**
 * Reads the import aliases of a TypeScript or JavaScript project: `paths` and `baseUrl` of its tsconfig or jsconfig. Pure.
 */

/** The files that can define import aliases. */
export const ALIAS_CONFIG = /(^|\/)[tj]sconfig[^/]*\.json$/;
interface Tree {
  paths: readonly string[];
  after: ReadonlyMap<string, string>;
}

export function createIsAlias({ after, paths }: Tree): (specifier: string) => boolean {
  const options = [...after].filter(([path]) => ALIAS_CONFIG.test(path)).map(([, text]) => optionsOf(text));
  const prefixes = options.flatMap(({ paths: keys }) => Object.keys(keys ?? {})).map((key) => key.split('*')[0] ?? '');
  const hasBase = options.some(({ baseUrl }) => typeof baseUrl === 'string');
  // With a `baseUrl`, an import may begin with the name of any folder or file of the tree.
  const names = new Set(hasBase ? paths.flatMap((path) => path.replace(/\.[^/.]+$/, '').split('/')) : []);
  return (specifier) =>
    prefixes.some((prefix) => prefix !== '' && specifier.startsWith(prefix)) ||
    names.has(specifier.split('/')[0] ?? '');
}

/** Reads compiler options with comments and trailing commas, which the compiler allows. */
function optionsOf(text: string): { paths?: object; baseUrl?: unknown } {
  const json = text
    .replace(/("(?:[^"\\]|\\[\s\S])*"?)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (all, kept: string | undefined) =>
      all.startsWith('/*') && !all.endsWith('*/') ? all : (kept ?? ''),
    )
    .replace(/,(\s*[}\]])/g, '$1');
  try {
    const { compilerOptions } = JSON.parse(json) as { compilerOptions?: { paths?: object; baseUrl?: unknown } };
    return compilerOptions ?? {};
  } catch {
    return {};
  }
}
