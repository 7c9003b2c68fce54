/**
 * Finds the files that a test command names, directly or in its script: changing them changes how the change is judged. Pure.
 */
import type { TreeReader } from '../../ports/test-runner';
import { MAKEFILES, treeBelow } from './find-commands';
import { partsOf } from './scripts';

/** Returns paths of the tree; the command runs in `workdir`. */
export async function namedFiles(tree: TreeReader, command: string[], workdir = ''): Promise<string[]> {
  const below = treeBelow(tree, workdir);
  const parts = [command, ...(await partsOf(below, command))];
  // A flag may have its file after an equals sign.
  const named = parts.flat().flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
  const words = new Set(named.map((word) => word.replace(/^\.\//, '')));
  const byMake = parts.some(([program]) => /^g?make$/.test(program ?? '')) ? MAKEFILES : [];
  const found = below.files.filter((path) => words.has(path) || byMake.includes(path));
  return workdir === '' ? found : found.map((path) => `${workdir}/${path}`);
}
