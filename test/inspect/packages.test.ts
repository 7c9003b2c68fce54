/** What the list of package managers says of files: seen by setup, read by the gates, written by no person. */
import { INSTALLED_FOLDERS, isRead, isSetupFile, isWrittenLock } from '../../src/inspect/packages/managers';
import { locksOf, manifestsOf, SCRIPT_PROGRAMS } from '../../src/inspect/packages/managers';

const WRITTEN = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'uv.lock', 'poetry.lock'];

test.each([
  ...WRITTEN,
  ...['package.json', 'pnpm-workspace.yaml', 'bun.lock', 'bun.lockb', '.npmrc', 'packages/a/package.json'],
  ...['requirements.txt', 'requirements-dev.txt', 'constraints.txt', 'pyproject.toml', 'setup.cfg', 'Pipfile'],
  ...['Pipfile.lock', 'go.mod', 'go.sum', 'Cargo.toml', 'Cargo.lock', 'Gemfile', 'Gemfile.lock', 'composer.json'],
  'composer.lock',
])('setup sees %s', (path) => expect(isSetupFile(path)).toBe(true));

test.each([
  ...[
    'src/a.js',
    'setup.py',
    'pdm.lock',
    'environment.yml',
    'requirements/dev.txt',
    'requirements.in',
    'tsconfig.json',
  ],
  ...['xpackage.json', 'package.json.js', 'Gemfile.local', 'a.npmrc'],
])('setup does not see %s', (path) => expect(isSetupFile(path)).toBe(false));

test.each([
  ...WRITTEN,
  ...['package.json', 'pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile', 'environment.yml', 'environment.yaml'],
  ...['pdm.lock', 'requirements.txt', 'requirements.in', 'requirements/dev.txt', 'a/constraints-1.txt'],
])('the gates read %s', (path) => expect([path, `a/${path}`].map(isRead)).toEqual([true, true]));

test.each(['src/a.js', 'Pipfile.lock', '.npmrc', 'bun.lockb', 'go.sum', 'Cargo.lock', 'xpackage.json', 'constructor'])(
  'the gates do not read %s',
  (path) => expect(isRead(path)).toBe(false),
);

test('of the locks, only those that setup sees do not count as written by a person', () => {
  expect(WRITTEN.map((path) => isWrittenLock(`a/${path}`))).toEqual(WRITTEN.map(() => true));
  for (const path of ['pdm.lock', 'go.sum', 'Cargo.lock', 'bun.lockb', 'yarn.lock/a'])
    expect(isWrittenLock(path)).toBe(false);
});

test('locks of one ecosystem count in this order, and a script is started by these programs', () => {
  expect([...locksOf('npm').keys()]).toEqual([...WRITTEN.slice(0, 4), 'bun.lock']);
  expect([...locksOf('pypi').keys()]).toEqual(['uv.lock', 'poetry.lock', 'pdm.lock']);
  expect(SCRIPT_PROGRAMS).toEqual(['npm', 'pnpm', 'yarn', 'bun']);
  expect([...INSTALLED_FOLDERS].sort()).toEqual(['.venv', '__pypackages__', 'node_modules', 'vendor', 'venv']);
});

test('every manifest of Python either has a reader or counts by the names in its text', () => {
  const read = manifestsOf('pypi').filter(({ files }) =>
    ['requirements.txt', 'pyproject.toml'].some((path) => files.test(path)),
  );
  expect(read.every((manifest) => manifest.read !== undefined)).toBe(true);
  expect(manifestsOf('pypi').length - read.length).toBe(3);
});
