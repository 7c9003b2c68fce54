/**
 * A repository that has a test already, which a Code Writer of a test changes.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TEST_FILE, testOf } from './fake-models';
import type { Stage } from './stage';

export function makeTestedPage(stage: Stage, name: string): string {
  const repository = join(stage.stack.config.dataDir, name);
  mkdirSync(join(repository, 'test'), { recursive: true });
  writeFileSync(join(repository, TEST_FILE), testOf("require('node:assert').match(page, /<h1>/)"));
  writeFileSync(join(repository, 'index.html'), '<h1>page</h1>\n');
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'A page');
  return repository;
}
