/**
 * Renames one file or changes its mode. The bytes stay the same, so size and encoding do not matter.
 */
import type { FileMove, TreeAt } from '../../ports/workspace';
import { pathProblem } from '../../inspect/paths';
import { indexByPath, checkPlaces } from './change-tree';
import { indexLine, treeWith } from './index-file';
import { regularFile } from './read';
import { NO_COMMIT } from './repository';
import type { ProjectGit } from './repository';
import { readTree, refusePath } from './tree';

/** `from` and `to` may be the same. Throws `Workspace.PathRefused` if `from` is no file or `to` exists. */
export async function moveFile(git: ProjectGit, at: TreeAt, { from, to, executable }: FileMove): Promise<string> {
  const { oid, mode } = await regularFile(git, at, from);
  const givenMode = executable === true ? '100755' : '100644';
  const newMode = executable == null ? mode : givenMode;
  if (from === to) return treeWith(git, at.commit, [indexLine(newMode, oid, to)]);
  const problem = pathProblem(to);
  if (problem !== undefined) throw refusePath(to, problem);
  const entries = indexByPath(await readTree(git, at.commit));
  if (entries.has(to)) throw refusePath(to, 'it exists already');
  const changes = [
    { path: from, content: null },
    { path: to, content: '' },
  ];
  checkPlaces(entries, new Map(changes.map((change) => [change.path, change])));
  return treeWith(git, at.commit, [indexLine('0', NO_COMMIT, from), indexLine(newMode, oid, to)]);
}
