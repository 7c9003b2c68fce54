/**
 * Lists the entries of a tree, and makes the failure that refuses a path.
 */
import { Failure } from '../../domain/failures';
import { splitFields } from '../../inspect/path-bytes';
import { cachedTree } from './object-cache';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';

export interface TreeEntry {
  mode: '100644' | '100755' | '120000' | '160000';
  oid: string;
  bytes: number;
  path: string;
}

/** Returns all entries of the commit's tree, or the one at `path`. */
export async function readTree(git: ProjectGit, commit: string, path?: string): Promise<TreeEntry[]> {
  if (path !== undefined) return listTree(git, commit, path);
  return cachedTree(git.folder, commit, () => listTree(git, commit));
}

async function listTree(git: ProjectGit, commit: string, path?: string): Promise<TreeEntry[]> {
  // A program's arguments are text: a path with other bytes is looked up in the list of the whole tree.
  const isText = path === undefined || !path.includes('\\');
  const recurseFlag = path === undefined || !isText ? ['-r'] : [];
  const { stdout } = await git(
    [
      'ls-tree',
      ...recurseFlag,
      '-z',
      '-l',
      '--full-tree',
      checkCommit(commit),
      ...(path !== undefined && isText ? ['--', path] : []),
    ],
    { maxBytes: 256 * 1024 * 1024 },
  );
  const entries = splitFields(stdout).filter(Boolean).map(parseEntry);
  return isText ? entries : entries.filter((entry) => entry.path === path);
}

function parseEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode, , oid, size] = line.slice(0, tab).split(/ +/);
  return { mode: mode as TreeEntry['mode'], oid: oid ?? '', bytes: Number(size) || 0, path: line.slice(tab + 1) };
}

export function refusePath(path: string, problem: string): Failure {
  return new Failure('Workspace.PathRefused', `The path ${JSON.stringify(path.slice(0, 400))} is refused: ${problem}.`);
}
