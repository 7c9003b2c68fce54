/**
 * Matches a model's globs (picomatch) against the paths of a tree, with a time limit: picomatch turns a glob into a regular
 * expression, which may take exponential time on some paths.
 */
import { createContext, runInContext } from 'node:vm';
import picomatch from 'picomatch';

const TIMEOUT_MS = 1_000;
export const GLOB_CHARS = 200;
const OPTIONS = { dot: true, maxLength: GLOB_CHARS + 3 };

/**
 * Gives the paths that at least one glob matches, without those that a glob with `!` matches; or the reason why it failed. With
 * `withFolders`, a glob that matches a folder also matches all files in the folder.
 */
export function matchGlobs(
  globs: string[],
  paths: string[],
  { withFolders }: { withFolders: boolean },
): { paths: string[] } | { problem: string } {
  const find = (): string[] => {
    const patterns = globs.map((glob) => glob.replace(/^(?:\.\/)+/, '').replace(/\/+$/, ''));
    const isExclusion = (pattern: string): boolean => /^!(?!\()/.test(pattern);
    const wanted = patterns.filter((pattern) => !isExclusion(pattern));
    const excluded = patterns.filter(isExclusion).map((pattern) => pattern.slice(1));
    const matcherOf = (some: string[]): ((path: string) => boolean) =>
      picomatch(withFolders ? [...some, ...some.map((pattern) => `${pattern}/**`)] : some, OPTIONS);
    const isWanted = matcherOf(wanted.length === 0 ? ['**'] : wanted);
    const isExcluded = excluded.length === 0 ? () => false : matcherOf(excluded);
    return paths.filter((path) => isWanted(path) && !isExcluded(path));
  };
  try {
    // The time limit of `runInContext` also ends functions of this program that the script calls.
    return { paths: runInContext('find()', createContext({ find }), { timeout: TIMEOUT_MS }) as string[] };
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return { problem: 'matching the glob takes too long; write it with fewer stars' };
    // A glob that picomatch refuses is a mistake of the model.
    return { problem: `the glob cannot be read: ${error instanceof Error ? error.message : 'no reason given'}` };
  }
}
