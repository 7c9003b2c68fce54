/**
 * Globs of a model (picomatch) on the paths of a tree, bounded in time: a glob becomes a regular expression, and some of those
 * take for ever on some paths.
 */
import { createContext, runInContext } from 'node:vm';
import picomatch from 'picomatch';

const TIMEOUT_MS = 1_000;
export const GLOB_CHARS = 200;
const OPTIONS = { dot: true, maxLength: GLOB_CHARS + 3 };

/**
 * Of the paths those that one of the globs fits, and none that begins with `!`; or why that cannot be said. `withFolders`: a glob
 * may also fit a folder of theirs.
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
    const fits = matcherOf(wanted.length === 0 ? ['**'] : wanted);
    const isOut = excluded.length === 0 ? () => false : matcherOf(excluded);
    return paths.filter((path) => fits(path) && !isOut(path));
  };
  try {
    // What runs in it, functions of this program too, is ended after the time.
    return { paths: runInContext('find()', createContext({ find }), { timeout: TIMEOUT_MS }) as string[] };
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return { problem: 'the glob takes too long; write it with fewer stars' };
    // A list that picomatch does not take is the model's mistake.
    return { problem: `the glob cannot be read: ${error instanceof Error ? error.message : 'no reason given'}` };
  }
}
