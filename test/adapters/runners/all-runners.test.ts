/** The list of test runners: how one is chosen, and what follows from the records. */
import { CONVENTIONS, GENERIC, RUNNER_PACKAGES, runnerOf, RUNNERS } from '../../../src/adapters/runners/all-runners';
import { chooseRunner } from '../../../src/inspect/commands/choose-runner';

const choose = (command: string[] | undefined, files: Record<string, string> = {}) =>
  chooseRunner(
    { runners: RUNNERS, otherwise: GENERIC.name },
    { files: Object.keys(files), read: (path) => Promise.resolve(files[path]) },
    command,
  );
const script = (test: string) => ({ 'package.json': JSON.stringify({ scripts: { test } }) });

test.each<[string, string]>([
  ['node --test', 'node-test'],
  ['node --import=tsx --test test/', 'node-test'],
  ['jest --ci', 'jest'],
  ['node ./node_modules/.bin/jest', 'jest'],
  ['npx vitest run', 'vitest'],
  ['mocha -r ts-node/register', 'mocha'],
  ['python3 -m pytest -q', 'pytest'],
  ['node --test jest', 'jest'],
  ['mocha jest', 'jest'],
  ['node test.js', 'generic'],
  ['go test -v ./...', 'generic'],
])('%s is run by %s', async (text, runner) => {
  const command = text.split(' ');
  expect(await choose(command)).toEqual({ runner, command });
});

test.each([
  ['npm', 'test'],
  ['npm', 't'],
  ['pnpm', 'run', 'test'],
  ['yarn', 'test'],
  ['bun', 'run', '--silent', 'test'],
])('the script behind %s %s says which runner it is', async (...command) => {
  const files = script('tsc && mocha "test/*.js"');
  expect(await choose(command, files)).toEqual({ runner: 'mocha', command: ['mocha', 'test/*.js'] });
  expect(await choose(command, script('make test'))).toEqual({ runner: 'generic', command });
});

test('without a wish the tree says it; without a sign in the tree nothing is chosen', async () => {
  expect(await choose(undefined, { 'pytest.ini': '' })).toMatchObject({ runner: 'pytest' });
  expect(await choose(undefined, script('jest'))).toEqual({ runner: 'jest', command: ['jest'] });
  expect(await choose(undefined, { 'README.md': '' })).toBeUndefined();
});

test('every runner of the list has a name of its own, and a name that is not on it is refused', () => {
  const names = [...RUNNERS.map(({ name }) => name), GENERIC.name];
  expect(new Set(names).size).toBe(names.length);
  expect(names.map((name) => runnerOf(name).name)).toEqual(names);
  expect(() => runnerOf('nose')).toThrow('no test runner is named nose');
});

test.each([
  ...[
    'jest.config.js',
    'a/jest.unit.config.ts',
    'jest.setup.js',
    'vitest.config.ts',
    'vite.config.js',
    '.mocharc.json',
  ],
  ...['mocha.config.js', 'mocha-setup.js', 'conftest.py', 'a/conftest.py', 'pytest.ini', 'tox.ini', 'setup.cfg'],
  ...['ava.config.js', 'karma.conf.config.js', 'playwright.config.ts', '.taprc', 'cypress.config.js'],
])('%s configures a runner', (path) => expect(CONVENTIONS.protects(path)).toBe(true));

test.each(['src/jest.js', 'config.js', 'conftest.js', 'docs/pytest.ini.md', 'vitest.md'])(
  '%s configures none',
  (path) => expect(CONVENTIONS.protects(path)).toBe(false),
);

test('keys of package.json, modules and counted languages are those of the records', () => {
  expect([...CONVENTIONS.manifestKeys].sort()).toEqual(['ava', 'jest', 'mocha', 'tap', 'vitest']);
  expect(RUNNER_PACKAGES).toEqual(['pytest']);
  expect(CONVENTIONS.counted.map(String)).toEqual([String(/\.[cm]?jsx?$/), String(/\.py$/)]);
});
