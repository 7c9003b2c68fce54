/** What a script of a manifest runs, without the package manager before it. */
import { directCommand } from '../../../src/inspect/project/direct-command';

const direct = (command: string[], scripts: Record<string, string>) =>
  directCommand(command, JSON.stringify({ scripts }));

test.each([
  [['npm', 'test'], { test: 'node --test' }, ['node', '--test']],
  [['npm', 'run', 'unit'], { unit: 'jest --runInBand' }, ['node_modules/.bin/jest', '--runInBand']],
  [['npm', 'test'], { test: 'node  --test --test-timeout=60000' }, ['node', '--test', '--test-timeout=60000']],
])('%j', (command, scripts, words) => {
  expect(direct(command, scripts as never)).toEqual(words);
});

test.each([
  ['what a shell reads', ['npm', 'test'], { test: 'node --test "test/*.js"' }],
  ['several commands', ['npm', 'test'], { test: 'node a.js && node b.js' }],
  ['a setting', ['npm', 'test'], { test: 'CI=1 node --test' }],
  ['what runs before', ['npm', 'test'], { test: 'node --test', pretest: 'node build.js' }],
  ['more words', ['npm', 'test', '--', 'a'], { test: 'node --test' }],
  ['a program that is not known', ['npm', 'test'], { test: 'make check' }],
  ['no such script', ['npm', 'test'], {}],
  ['no package manager', ['node', '--test'], { test: 'node --test' }],
])('%s is left to the package manager', (_what, command, scripts) => {
  expect(direct(command, scripts as never)).toBeUndefined();
});
