/**
 * Reads a real commit for a build. Its parent is the base; its sources and its tests are the work of the mock roles.
 */
import { execFileSync } from 'node:child_process';
import { isTestPath } from '../../src/domain/files';

export interface Change {
  path: string;
  /** The new content; null if the commit deletes the file. */
  bytes: Buffer | null;
  executable: boolean;
  /** True if the parent has the file. */
  isInBase: boolean;
}
export interface RealCommit {
  repository: string;
  commit: string;
  parent: string;
  subject: string;
  sources: Change[];
  tests: Change[];
}

/** The blob id in place of a file that does not exist on one side of a diff. */
const NO_BLOB = /^0+$/;

export function readCommit(repository: string, name: string): RealCommit {
  const git = (...args: string[]): Buffer =>
    execFileSync('git', [`--git-dir=${gitDirOf(repository)}`, ...args], { maxBuffer: 256 * 1024 * 1024 });
  const readText = (...args: string[]): string =>
    git(...args)
      .toString('utf8')
      .trim();
  const commit = readText('rev-parse', `${name}^{commit}`);
  const parent = readText('rev-parse', `${commit}^1`);
  const fields = git('diff-tree', '-r', '-z', '--no-renames', parent, commit).toString('utf8').split('\0');
  const changes: Change[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, mode, oldBlob = '', newBlob = ''] = (fields[index] ?? '').split(' ');
    const path = fields[index + 1] ?? '';
    const bytes = NO_BLOB.test(newBlob) ? null : git('cat-file', 'blob', newBlob);
    changes.push({ path, bytes, executable: mode === '100755', isInBase: !NO_BLOB.test(oldBlob) });
  }
  return {
    ...{ repository, commit, parent, subject: readText('log', '-1', '--format=%s', commit) },
    sources: changes.filter(({ path }) => !isTestPath(path)),
    tests: changes.filter(({ path }) => isTestPath(path)),
  };
}

/** Gives the git folder: that of a bare repository, or the `.git` of a work tree. */
function gitDirOf(repository: string): string {
  const inside = execFileSync('git', ['-C', repository, 'rev-parse', '--absolute-git-dir']);
  return inside.toString('utf8').trim();
}
