/** Finds the program that a script of package.json runs, so that it can run without the package manager. */
import { directCommand } from '../../../src/inspect/project/direct-command';

const direct = (command: string[], scripts: Record<string, string>) =>
  directCommand(command, JSON.stringify({ scripts }));

test.each([
  [['npm', 'test'], { test: 'node --test' }, ['node', '--test']],
  [['npm', 'run', 'unit'], { unit: 'jest --runInBand' }, ['node_modules/.bin/jest', '--runInBand']],
  [['npm', 'test'], { test: 'node  --test --test-timeout=60000' }, ['node', '--test', '--test-timeout=60000']],
])('%j with the scripts %j runs %j directly', (command, scripts, words) => {
  expect(direct(command, scripts as never)).toEqual(words);
});

test.each([
  ['shell syntax', ['npm', 'test'], { test: 'node --test "test/*.js"' }],
  ['several commands', ['npm', 'test'], { test: 'node a.js && node b.js' }],
  ['a setting', ['npm', 'test'], { test: 'CI=1 node --test' }],
  ['a script that runs before', ['npm', 'test'], { test: 'node --test', pretest: 'node build.js' }],
  ['more words', ['npm', 'test', '--', 'a'], { test: 'node --test' }],
  ['a program that is not known', ['npm', 'test'], { test: 'make check' }],
  ['no such script', ['npm', 'test'], {}],
  ['no package manager', ['node', '--test'], { test: 'node --test' }],
])('a command is left to the package manager: %s', (_what, command, scripts) => {
  expect(direct(command, scripts as never)).toBeUndefined();
});
