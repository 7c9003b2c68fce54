/**
 * Finds the files that a test command names, directly or in its script: a change of these files alters how the change is
 * judged. Pure.
 */
import type { TreeReader } from '../../ports/test-runner';
import { MAKEFILES, treeBelow } from './find-commands';
import { scriptCommands } from './scripts';

/** Returns paths of the tree; the command runs in `workdir`. */
export async function namedFiles(tree: TreeReader, command: string[], workdir = ''): Promise<string[]> {
  const below = treeBelow(tree, workdir);
  const commands = [command, ...(await scriptCommands(below, command))];
  // `--config=a.js` names `a.js`.
  const wordsAndValues = commands.flat().flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
  const words = new Set(wordsAndValues.map((word) => word.replace(/^\.\//, '')));
  const makefiles = commands.some(([program]) => /^g?make$/.test(program ?? '')) ? MAKEFILES : [];
  const found = below.files.filter((path) => words.has(path) || makefiles.includes(path));
  return workdir === '' ? found : found.map((path) => `${workdir}/${path}`);
}
