/** Makes a workspace and a user's git repository in a temporary folder. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';

export function makePlace() {
  const folder = mkdtempSync(join(tmpdir(), 'q-workspace-'));
  const root = join(folder, 'data', 'workspaces');
  return {
    folder,
    root,
    workspace: createGitWorkspace({ root }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs git in a folder as a person would; returns its output. */
export function gitIn(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Person', '-c', 'user.email=person@localhost', '-c', 'safe.directory=*'];
  return execFileSync('git', [...identity, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
  }).trim();
}

/** Makes a repository and commits the files that `build` writes. */
export function makeUpstream(folder: string, build: (path: string) => void): string {
  const path = join(folder, 'upstream');
  mkdirSync(path);
  gitIn(path, 'init', '--quiet', '--initial-branch=main');
  build(path);
  gitIn(path, 'add', '-A');
  gitIn(path, 'commit', '--quiet', '-m', 'first');
  return path;
}
