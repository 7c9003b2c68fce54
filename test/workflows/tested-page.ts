/**
 * Repositories with one page, with or without a test, whose page the tests' Code Writer changes.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TEST_FILE, testOf } from './fake-models';
import type { Stage } from './stage';

export function makeTestedPage(stage: Stage, name: string): string {
  return makePage(stage.stack.config.dataDir, name, {
    [TEST_FILE]: testOf("require('node:assert').match(page, /<h1>/)"),
  });
}

export function makePage(folder: string, name: string, more: Record<string, string> = {}): string {
  const repository = join(folder, name);
  mkdirSync(join(repository, 'test'), { recursive: true });
  const files = { 'index.html': '<h1>page</h1>\n', ...more };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(repository, path), text);
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'A page');
  return repository;
}
