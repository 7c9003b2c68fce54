/**
 * Reads a real commit for a build: its parent is the base, the Code Writer writes its sources, the Test Auditor its tests.
 */
import { execFileSync } from 'node:child_process';
import { isTestPath } from '../../src/domain/files';

export interface Change {
  path: string;
  /** The new content; null where the commit deletes the file. */
  bytes: Buffer | null;
  executable: boolean;
  isOld: boolean;
}
export interface RealCommit {
  repository: string;
  commit: string;
  parent: string;
  subject: string;
  sources: Change[];
  tests: Change[];
}

export function readCommit(repository: string, name: string): RealCommit {
  const git = (...args: string[]): Buffer =>
    execFileSync('git', [`--git-dir=${gitDirOf(repository)}`, ...args], { maxBuffer: 256 * 1024 * 1024 });
  const text = (...args: string[]): string =>
    git(...args)
      .toString('utf8')
      .trim();
  const commit = text('rev-parse', `${name}^{commit}`);
  const parent = text('rev-parse', `${commit}^1`);
  const words = git('diff-tree', '-r', '-z', '--no-renames', parent, commit).toString('utf8').split('\0');
  const changes: Change[] = [];
  for (let index = 0; index + 1 < words.length; index += 2) {
    const [, mode, before, after] = (words[index] ?? '').split(' ');
    const path = words[index + 1] ?? '';
    const bytes = /^0+$/.test(after ?? '') ? null : git('cat-file', 'blob', after ?? '');
    changes.push({ path, bytes, executable: mode === '100755', isOld: !/^0+$/.test(before ?? '') });
  }
  return {
    ...{ repository, commit, parent, subject: text('log', '-1', '--format=%s', commit) },
    sources: changes.filter(({ path }) => !isTestPath(path)),
    tests: changes.filter(({ path }) => isTestPath(path)),
  };
}

/** Gives the git folder: that of a bare repository, or the `.git` of a work tree. */
function gitDirOf(repository: string): string {
  const inside = execFileSync('git', ['-C', repository, 'rev-parse', '--absolute-git-dir']);
  return inside.toString('utf8').trim();
}
