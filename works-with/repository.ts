/**
 * Writes files and makes git repositories of them. The same files give the same commit on every machine.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Shape, Tree } from './shape';

type RepositorySpec = Pick<Shape, 'base' | 'names' | 'branch' | 'git'>;
export type Git = (...args: string[]) => string;

export function makeRepository(folder: string, shape: RepositorySpec): Git {
  const { base, names = 'utf8', branch = 'main', git: steps = {} } = shape;
  mkdirSync(folder, { recursive: true });
  const git = gitIn(folder);
  git('init', '-q', '-b', branch);
  git('config', 'core.autocrlf', 'false');
  writeTree(folder, base, names);
  if (steps.before !== undefined) steps.before(git, folder);
  else commitAll(git);
  steps.after?.(git, folder);
  return git;
}

export function commitAll(git: Git): void {
  git('add', '--force', '.');
  git('commit', '-q', '-m', 'Write amounts');
}

export function writeTree(folder: string, tree: Tree, names: Shape['names'] = 'utf8'): void {
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(bytesOf(dirname(join(folder, path)), names), { recursive: true });
    writeFileSync(bytesOf(join(folder, path), names), content);
  }
}

/** Runs git with a fixed identity and fixed dates, and without the user's git settings. */
export function gitIn(folder: string): Git {
  const date = '2026-01-01T00:00:00Z';
  const env = {
    ...process.env,
    ...{ GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org', GIT_AUTHOR_DATE: date },
    ...{ GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org', GIT_COMMITTER_DATE: date },
    ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  };
  return (...args) =>
    execFileSync('git', ['-C', folder, ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

function bytesOf(path: string, names: Shape['names']): string | Buffer {
  return names === 'latin1' ? Buffer.from(path, 'latin1') : path;
}
