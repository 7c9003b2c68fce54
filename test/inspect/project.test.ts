/** Derives from a tree where the project is and how its packages are installed. */
import { deriveProject } from '../../src/inspect/project/derive-project';

type Files = Record<string, string>;

function derive(files: Files, overrides: { workdir?: string; setup?: string[]; allowsScripts?: boolean } = {}) {
  const tree = { paths: Object.keys(files), read: (path: string) => files[path] };
  return deriveProject(tree, { allowsScripts: false, ...overrides });
}
const commandsOf = (files: Files, overrides = {}) =>
  derive(files, overrides).steps.map(({ manager, plan }) => `${manager}: ${plan.command.join(' ')}`);
const commandLines = (files: Files) =>
  derive(files)
    .steps.flatMap(({ plan }) => plan.attempts.flatMap(({ commands }) => commands))
    .map((command) => command.join(' '));

const JS = JSON.stringify({ name: 'a', dependencies: { x: '^1.0.0' } });
const js = (more: object) => JSON.stringify({ name: 'a', dependencies: { x: '^1.0.0' }, ...more });
const PY = '[project]\nname = "a"\nversion = "1"\n[build-system]\nrequires = ["hatchling"]\n';

test.each<[string, Files, string]>([
  ['R1: npm with a lock', { 'package.json': JS, 'package-lock.json': '{}' }, 'npm: npm ci --ignore-scripts'],
  ['R1: npm without a lock', { 'package.json': JS }, 'npm: npm install --no-package-lock --ignore-scripts'],
  [
    'R1: pnpm by its lock',
    { 'package.json': JS, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
    'pnpm: pnpm install --frozen-lockfile',
  ],
  [
    'R1: pnpm by packageManager',
    { 'package.json': js({ packageManager: 'pnpm@9.1.0+sha512.ab' }) },
    'pnpm: pnpm install --no-frozen-lockfile',
  ],
  [
    'R1: yarn 1',
    { 'package.json': JS, 'yarn.lock': '# yarn lockfile v1\n' },
    'yarn: yarn install --non-interactive --production=false --ignore-scripts --frozen-lockfile',
  ],
  [
    'R5: yarn 4',
    { 'package.json': JS, 'yarn.lock': '__metadata:\n  version: 8\n', '.yarnrc.yml': '' },
    'yarn: yarn install --immutable',
  ],
  ['R1: bun', { 'package.json': JS, 'bun.lock': '' }, 'bun: bun install --ignore-scripts --frozen-lockfile'],
  [
    'R1: pip',
    { 'requirements.txt': 'six\n' },
    'pip: /venv/bin/python -m pip install --no-input --disable-pip-version-check -r requirements.txt',
  ],
  ['R1: uv', { 'pyproject.toml': PY, 'uv.lock': '' }, 'uv: uv sync --locked --all-groups'],
  [
    'R1: poetry',
    { 'pyproject.toml': '[tool.poetry]\nname = "a"\n', 'poetry.lock': '' },
    'poetry: poetry install --no-interaction',
  ],
  ['R1: go', { 'go.mod': 'module a\n' }, 'go: go mod download'],
  ['R1: cargo', { 'Cargo.toml': '[package]\nname = "a"\n', 'Cargo.lock': '' }, 'cargo: cargo fetch --locked'],
  ['R1: maven', { 'pom.xml': '<project/>' }, 'maven: mvn -B'],
  ['R1: gradle', { 'build.gradle': '', gradlew: '' }, 'gradle: sh ./gradlew --no-daemon'],
])('%s', (_, files, expected) =>
  expect(commandsOf(files)[0]).toMatch(new RegExp(`^${expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)),
);

test.each<[string, Files]>([
  ['no manifest', { 'a.js': '' }],
  ['a package.json without packages', { 'package.json': '{"name":"a","scripts":{"test":"node --test"}}' }],
  ['unittest alone', { 'test_a.py': 'import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n' }],
  ['settings of tools in pyproject.toml', { 'pyproject.toml': '[tool.ruff]\nline-length = 1\n', 'a.py': '' }],
])('nothing is installed for %s', (_, files) => expect(commandsOf(files)).toEqual([]));

test('a project in two languages has an install step for each', () => {
  expect(
    derive({ 'package.json': JS, 'requirements.txt': 'six', 'go.mod': '' }).steps.map(({ manager }) => manager),
  ).toEqual(['npm', 'pip', 'go']);
});

test('R5: npm, pnpm and yarn can read patches, private settings and local packages, but no other file of the tree', () => {
  const files = {
    'package.json': js({ dependencies: { x: 'file:./libs/x' } }),
    ...{ 'patches/a.patch': '', '.npmrc': '', '.yarn/releases/yarn.cjs': '', '.yarnrc.yml': '', '.pnpmfile.cjs': '' },
    ...{ 'packages/a/package.json': '{}', 'libs/x/index.js': '', 'vendor/a.tgz': '', 'src/a.js': '', 'libs/y.js': '' },
  };
  const reads = derive(files).steps[0]?.plan.reads ?? (() => false);
  expect(Object.keys(files).filter((path) => !reads(path))).toEqual(['src/a.js', 'libs/y.js']);
});

test('a note also names install scripts of the project and of its members', () => {
  const files = {
    'package.json': js({ workspaces: ['docs'], dependencies: { a: '1' }, scripts: { postinstall: 'lerna bootstrap' } }),
    'docs/package.json': js({ scripts: { postinstall: 'nuxt prepare', test: 'x' } }),
  };
  expect(derive(files).notes).toContain(
    'install scripts of the project itself stay off (package.json: postinstall "lerna bootstrap", docs/package.json: postinstall "nuxt prepare"); INSTALL_SCRIPTS=1 or commands.setup runs them',
  );
});

test('a note names packages with install scripts and the setting that allows them', () => {
  const lock = JSON.stringify({
    packages: { '': {}, 'node_modules/esbuild': { hasInstallScript: true }, 'node_modules/b': {} },
  });
  const files = { 'package.json': JS, 'package-lock.json': lock };
  expect(derive(files).notes).toEqual(['install scripts stay off (esbuild); INSTALL_SCRIPTS=1 allows them']);
  expect(derive(files, { allowsScripts: true }).notes).toEqual([]);
  expect(commandsOf(files, { allowsScripts: true })[0]).not.toContain('ignore-scripts');
});

test('packages with install scripts are named from a lock of pnpm', () => {
  const lock =
    "lockfileVersion: '6.0'\npackages:\n  /b@1.0.0:\n    resolution: {integrity: sha512-b}\n  /@x/a@1.0.0:\n    resolution: {integrity: sha512-a}\n    requiresBuild: true\n  /c@1.0.0: {requiresBuild: true}\n";
  expect(derive({ 'package.json': JS, 'pnpm-lock.yaml': lock }).notes).toEqual([
    'install scripts stay off (@x/a, c); INSTALL_SCRIPTS=1 allows them',
  ]);
});

test('R2: a commands.setup that calls a package manager replaces the derived step of its language', () => {
  const { steps, notes } = derive({ 'package.json': JS, 'go.mod': '' }, { setup: ['npm', 'ci'] });
  expect(steps.map(({ manager }) => manager)).toEqual(['go']);
  expect(notes).toEqual(['commands.setup takes the place of the derived step of npm']);
});

test('R3: packages for tests come from extras, groups, requirement files and tox, and the project is installed', () => {
  const files = {
    'pyproject.toml': `${PY}[project.optional-dependencies]\ntest = ["x"]\ndocs = ["sphinx"]\n[dependency-groups]\ndev = ["y>=2", {include-group = "more"}]\nmore = ["z"]\n`,
    ...{
      'requirements.txt': 'a',
      'requirements-dev.txt': 'b',
      'requirements/docs.txt': 'c',
      'requirements/test.txt': 'd',
    },
    'tox.ini': '[testenv]\ndeps =\n    -r{toxinidir}/requirements-dev.txt\n    mock\n    {env:X}\ncommands = pytest\n',
    'tests/test_a.py': 'def test_a(): pass\n',
  };
  expect(commandLines(files)[1]).toBe(
    '/venv/bin/python -m pip install --no-input --disable-pip-version-check -r requirements.txt -e .[test] -r requirements-dev.txt -r requirements/test.txt y>=2 z -r requirements-dev.txt mock pytest',
  );
  expect(derive(files).steps[0]?.plan.wholeTree).toBe(true);
});

test.each([
  ['asyncio_mode = "auto"', '', 'pytest-asyncio'],
  ['addopts = "--cov=a -n auto"', '', 'pytest-cov pytest-xdist'],
  ['timeout = 5', '', 'pytest-timeout'],
  ['DJANGO_SETTINGS_MODULE = "a.b"', '', 'pytest-django'],
  ['', 'def test_a(mocker): pass', 'pytest-mock'],
  ['', 'def test_a(benchmark): pass', 'pytest-benchmark'],
])('R3: if nothing declares them, pytest and its plugins are added for %j %j', (settings, text, plugins) => {
  const files = { 'pyproject.toml': `[tool.pytest.ini_options]\n${settings}\n`, 'tests/test_a.py': text };
  expect(commandLines(files)[1]).toMatch(new RegExp(`-check pytest ${plugins}$`));
  const declared = { ...files, 'requirements-test.txt': ['pytest==8', ...plugins.split(' ')].join('\n') };
  expect(commandLines(declared)[1]).toMatch(/-r requirements-test.txt$/);
});

test('poetry groups are installed with pip if there is no lock file', () => {
  const text =
    '[tool.poetry]\nname = "a"\n[tool.poetry.group.dev.dependencies]\npytest = "^8.1"\nb = "~1.2"\nc = "*"\nd = {version = "^0.3", extras = ["x"]}\ne = ">=1,<2"\nf = "1.0"\n';
  expect(commandLines({ 'pyproject.toml': text })[1]).toMatch(
    /-e \. pytest>=8\.1,<9 b>=1\.2,<1\.3 c d\[x\]>=0\.3,<0\.4 e>=1,<2 f==1\.0$/,
  );
});

test('R3: requirement files can name other files, relative to their own folder and outside of the project', () => {
  const files = {
    'app/requirements.txt': '-r deps/base.txt\n',
    'app/deps/base.txt': '--requirement=../../shared/all.txt  # both\n-c limits.txt\npytest==8.0\n',
    'app/deps/limits.txt': 'x<2\n-r base.txt\n',
    'shared/all.txt': '-r ../../outside.txt\n-r https://example.org/x.txt\nsix\n',
    'app/notes.txt': '',
    'app/test_a.py': 'def test_a(): pass\n',
  };
  const [step] = derive(files, { workdir: 'app' }).steps;
  expect(['deps/base.txt', 'deps/limits.txt', 'notes.txt'].map((path) => step?.plan.reads(path))).toEqual([
    true,
    true,
    false,
  ]);
  expect(['../shared/all.txt', '../shared/b.txt'].map((path) => step?.plan.readsOutside?.(path))).toEqual([
    true,
    false,
  ]);
  expect(step?.plan.wholeTree).toBe(false);
  expect(step?.plan.command.join(' ')).toMatch(/-r requirements.txt$/);
});

test.each([
  ['-e ./libs/mylib', false],
  ['--editable=libs/mylib[extra]', false],
  ['./libs/mylib ; python_version > "3"', true],
  ['libs/mylib', true],
  ['mylib[extra] @ file:libs/mylib', true],
  ['file:./libs/mylib', true],
])(
  'R3: a package of the repository (%s) is installed from its whole tree; a copied one anew with its sources',
  (line, isCopied) => {
    const files = {
      'requirements.txt': `${line}\n`,
      'libs/mylib/pyproject.toml': PY,
      'libs/mylib/mylib.py': '',
      'a.py': '',
    };
    const [step] = derive(files).steps;
    expect(step?.plan.wholeTree).toBe(true);
    expect(step?.plan.reads('libs/mylib/mylib.py')).toBe(isCopied);
    expect(step?.plan.reads('a.py')).toBe(false);
  },
);

test('R3: local packages of uv and poetry are installed from their whole trees', () => {
  const member = { 'libs/b/pyproject.toml': PY, 'uv.lock': '' };
  const uv = derive({ 'pyproject.toml': '[tool.uv.workspace]\nmembers = ["libs/*"]\n', ...member });
  expect(uv.steps.map(({ plan }) => plan.wholeTree)).toEqual([true]);
  const path = '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nb = {path = "libs/b"}\n';
  const [poetry] = derive({ 'pyproject.toml': path, 'poetry.lock': '', 'libs/b/pyproject.toml': PY }).steps;
  expect([poetry?.plan.wholeTree, poetry?.plan.reads('libs/b/b.py')]).toEqual([true, true]);
});

test('R5: a local package outside of the working folder can be read, but no other file outside of it', () => {
  const manifest = JSON.stringify({ name: 'a', dependencies: { x: 'file:../x' } });
  const files = { 'app/package.json': manifest, 'x/package.json': '{}', 'x/index.js': '', 'y/package.json': '{}' };
  const [step] = derive(files, { workdir: 'app' }).steps;
  expect(['../x/index.js', '../y/package.json'].map((path) => step?.plan.readsOutside?.(path))).toEqual([true, false]);
});
