/** Derives test commands from a repository's own manifests. */
import { findTestCommand } from '../../src/inspect/commands/find-commands';
import { verifies } from '../requirements/verifies';

const find = (files: Record<string, string>, workdir?: string) =>
  findTestCommand({ read: (path) => Promise.resolve(files[path]), files: Object.keys(files) }, workdir);
const json = (manifest: object) => ({ 'package.json': JSON.stringify(manifest) });
const manifest = (test: string, more: object = {}) => json({ scripts: { test }, ...more });
const PYTEST = ['python3', '-m', 'pytest'];

test.each([
  'node --test',
  'NODE_ENV=test node --test',
  'node --test && rm -rf x',
  'tsc && jest --ci',
  'node --test $(id)',
])('P8: the package manager runs the whole script %j, with its variables and other commands', async (script) => {
  expect(await find(manifest(script))).toEqual(['npm', 'test']);
});

verifies('9.5');
test.each<[string, Record<string, string>, string[]]>([
  ['pnpm by its lock', { ...manifest('x'), 'pnpm-lock.yaml': '' }, ['pnpm', 'test']],
  ['yarn by its lock', { ...manifest('x'), 'yarn.lock': '' }, ['yarn', 'test']],
  ['bun by its lock', { ...manifest('x'), 'bun.lock': '' }, ['bun', 'run', 'test']],
  [
    'that of packageManager, before that of a lock',
    { ...manifest('x', { packageManager: 'pnpm@9.1.0' }), 'package-lock.json': '' },
    ['pnpm', 'test'],
  ],
  [
    'npm by its lock, even if yarn has one, too',
    { ...manifest('x'), 'yarn.lock': '', 'package-lock.json': '' },
    ['npm', 'test'],
  ],
  ['pnpm by its workspace file', { ...manifest('x'), 'pnpm-workspace.yaml': '' }, ['pnpm', 'test']],
])('R1: the manager is %s', async (_, files, command) => {
  expect(await find(files)).toEqual(command);
});

const MEMBER = { 'packages/a/package.json': JSON.stringify({ scripts: { test: 'vitest run' } }) };
test.each<[string, Record<string, string>, string[] | undefined]>([
  ['npm', { ...json({ workspaces: ['packages/*'] }), ...MEMBER }, ['npm', 'test', '--workspaces', '--if-present']],
  [
    'pnpm',
    { ...json({}), 'pnpm-workspace.yaml': '', 'pnpm-lock.yaml': '', ...MEMBER },
    ['pnpm', '--recursive', 'run', '--if-present', 'test'],
  ],
  [
    'yarn 1',
    { ...json({ workspaces: ['packages/*'] }), 'yarn.lock': '# yarn lockfile v1\n', ...MEMBER },
    ['yarn', 'workspaces', 'run', 'test'],
  ],
  [
    'yarn 4',
    { ...json({ workspaces: ['packages/*'] }), 'yarn.lock': '__metadata:\n', '.yarnrc.yml': '', ...MEMBER },
    ['yarn', 'workspaces', 'foreach', '--all', 'run', 'test'],
  ],
  [
    'bun',
    { ...json({ workspaces: ['packages/*'] }), 'bun.lock': '', ...MEMBER },
    ['bun', 'run', '--filter', '*', 'test'],
  ],
  [
    'pnpm without a lock',
    { ...json({}), 'pnpm-workspace.yaml': '', ...MEMBER },
    ['pnpm', '--recursive', 'run', '--if-present', 'test'],
  ],
  ['npm without tests in any', { ...json({ workspaces: ['packages/*'] }), 'packages/a/package.json': '{}' }, undefined],
])(
  'R4: a workspace of %s without a test script at its root runs the scripts of all packages',
  async (_, files, command) => {
    expect(await find(files)).toEqual(command);
  },
);

test('R5: the tests of a workspace member run in its folder, with the package manager of the workspace', async () => {
  const files = {
    ...json({ workspaces: ['packages/*'], scripts: { test: 'turbo run test' } }),
    ...{ 'pnpm-lock.yaml': '', 'packages/a/package.json': JSON.stringify({ scripts: { test: 'vitest run' } }) },
  };
  expect(await find(files, 'packages/a')).toEqual(['pnpm', 'test']);
});

test('R5: the manifests of the working folder decide', async () => {
  const files = { 'backend/package.json': JSON.stringify({ scripts: { test: 'jest' } }), 'backend/yarn.lock': '' };
  expect(await find(files)).toBeUndefined();
  expect(await find(files, 'backend')).toEqual(['yarn', 'test']);
});

test.each<[Record<string, string>, string[]]>([
  [{ 'pytest.ini': '' }, PYTEST],
  [{ 'tests/test_a.py': '' }, PYTEST],
  [{ 'tests/test_a.py': 'def test_a(): pass\n' }, PYTEST],
  [{ 'pyproject.toml': '[tool.pytest.ini_options]\n' }, PYTEST],
  [{ 'pyproject.toml': '[dependency-groups]\ndev = ["pytest>=8"]\n' }, PYTEST],
  [{ 'requirements-dev.txt': 'pytest==8\n', 'tests/test_a.py': 'import unittest\n' }, PYTEST],
  [{ 'tox.ini': '[testenv]\ncommands = pytest\n' }, PYTEST],
  [{ 'test_a.py': 'import unittest\n' }, ['python3', '-m', 'unittest', 'discover', '-v']],
  [{ 'tests/test_a.py': 'import unittest\n' }, ['python3', '-m', 'unittest', 'discover', '-v', '-s', 'tests']],
  [
    { 'manage.py': '', 'shop/tests.py': 'from django.test import TestCase\n' },
    ['python3', 'manage.py', 'test', '-v', '2'],
  ],
  [{ 'go.mod': '' }, ['go', 'test', './...']],
  [{ 'go.work': 'go 1.22\n\nuse (\n\t./a\n\t./lib/b\n)\n' }, ['go', 'test', './a/...', './lib/b/...']],
  [
    { 'go.work': 'go 1.22\n\nuse (\n\t./a // the service\n\t"./b-1"\n)\nuse ./c/ // more\n' },
    ['go', 'test', './a/...', './b-1/...', './c/...'],
  ],
  [{ 'go.work': 'go 1.22\nuse (\n\t.\n\t./lib\n)\n', 'go.mod': '' }, ['go', 'test', './...', './lib/...']],
  [{ 'Cargo.toml': '[package]\n' }, ['cargo', 'test', '--offline', '--no-fail-fast']],
  [{ 'Cargo.toml': '[workspace]\n' }, ['cargo', 'test', '--offline', '--no-fail-fast', '--workspace']],
  [{ 'pom.xml': '' }, ['mvn', '--offline', '--batch-mode', '--fail-at-end', 'test']],
  [{ 'pom.xml': '', mvnw: '' }, ['sh', './mvnw', '--offline', '--batch-mode', '--fail-at-end', 'test']],
  [{ 'build.gradle.kts': '', gradlew: '' }, ['./gradlew', '--offline', '--continue', 'test']],
  [{ 'settings.gradle': '' }, ['gradle', '--offline', '--continue', 'test']],
  [{ 'Shop.sln': '' }, ['dotnet', 'test', '--no-restore']],
  [{ '.rspec': '', Gemfile: '' }, ['bundle', 'exec', 'rspec']],
  [{ 'phpunit.xml.dist': '' }, ['vendor/bin/phpunit']],
  [{ Makefile: 'all:\n\ntest: all\n\t./t\n' }, ['make', 'test']],
  [
    { Makefile: 'test:\n\t./t\n', 'CMakeLists.txt': 'enable_testing()\n' },
    ['sh', '-c', 'cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure'],
  ],
  [{ Makefile: 'check:\n\t./t\n' }, ['make', 'check']],
  [
    { 'CMakeLists.txt': 'enable_testing()\nadd_test(NAME a COMMAND a)\n' },
    ['sh', '-c', 'cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure'],
  ],
  [{ 'src/a.test.mjs': '' }, ['node', '--test']],
  [{ 'test/a.js': '' }, ['node', '--test']],
  [json({ devDependencies: { vitest: '3' } }), ['npx', 'vitest', 'run']],
  [{ ...json({}), 'bun.lock': '', 'a.test.ts': '' }, ['bun', 'test']],
  [{ 'deno.json': '{"tasks":{"test":"deno test"}}' }, ['deno', 'task', 'test']],
  [{ ...manifest('echo "Error: no test specified" && exit 1'), 'a.test.js': '' }, ['node', '--test']],
  [{ 'package.json': 'not json', 'a.test.js': '' }, ['node', '--test']],
])('%j is tested by %j', async (files, expected) => {
  expect(await find(files)).toEqual(expected);
});

test.each<[Record<string, string>, string[] | undefined]>([
  [{ 'pyproject.toml': '[project]\n', 'tests/static/app.js': '' }, undefined],
  [{ 'pyproject.toml': '', 'test/k6/load.js': '', 'tests/test_a.py': 'def test_a(): pass\n' }, PYTEST],
  [{ 'requirements.txt': '', 'test/k6/load.js': '' }, undefined],
  [{ 'go.mod': '', 'test/k6/load.js': '' }, ['go', 'test', './...']],
  [{ 'Cargo.toml': '', 'test/k6/load.js': '' }, ['cargo', 'test', '--offline', '--no-fail-fast']],
  [{ ...json({}), 'pyproject.toml': '', 'test/load.js': '', 'tests/test_a.py': 'def test_a(): pass\n' }, PYTEST],
  [{ 'index.html': '', 'tests/static/app.js': '' }, undefined],
  [{ ...json({}), Makefile: 'test:\n\t./t\n', 'test/load.js': '' }, ['make', 'test']],
])('R1: a JavaScript file below a folder of tests does not choose the command of %j', async (files, expected) => {
  expect(await find(files)).toEqual(expected);
});

test.each([
  [{}],
  [{ 'README.md': '' }],
  [{ Makefile: 'test := 1\n' }],
  [{ 'package.json': 'null' }],
  [{ 'package.json': '[]' }],
  [manifest('echo "Error: no test specified" && exit 1')],
])('%j has no test command', async (files) => {
  expect(await find(files as Record<string, string>)).toBeUndefined();
});
