/**
 * Import aliases of a TypeScript or JavaScript project: `paths` and `baseUrl` of its tsconfig or jsconfig. Pure.
 */

/** Names the aliases that imports may have. */
export const ALIAS_CONFIG = /(^|\/)[tj]sconfig[^/]*\.json$/;
interface Tree {
  paths: readonly string[];
  after: ReadonlyMap<string, string>;
}

export function aliasesOf({ after, paths }: Tree): (specifier: string) => boolean {
  const options = [...after].filter(([path]) => ALIAS_CONFIG.test(path)).map(([, text]) => optionsOf(text));
  const prefixes = options.flatMap(({ paths: keys }) => Object.keys(keys ?? {})).map((key) => key.split('*')[0] ?? '');
  const hasBase = options.some(({ baseUrl }) => typeof baseUrl === 'string');
  // With a base, the first word may be any folder or file of the tree.
  const names = new Set(hasBase ? paths.flatMap((path) => path.replace(/\.[^/.]+$/, '').split('/')) : []);
  return (specifier) =>
    prefixes.some((prefix) => prefix !== '' && specifier.startsWith(prefix)) ||
    names.has(specifier.split('/')[0] ?? '');
}

/** With comments and trailing commas, as the compiler allows them. */
function optionsOf(text: string): { paths?: object; baseUrl?: unknown } {
  const bare = text
    .replace(/("(?:[^"\\]|\\[\s\S])*"?)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (all, kept: string | undefined) =>
      all.startsWith('/*') && !all.endsWith('*/') ? all : (kept ?? ''),
    )
    .replace(/,(\s*[}\]])/g, '$1');
  try {
    const { compilerOptions } = JSON.parse(bare) as { compilerOptions?: { paths?: object; baseUrl?: unknown } };
    return compilerOptions ?? {};
  } catch {
    return {};
  }
}
