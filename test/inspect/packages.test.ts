/** Tests the list of package managers: files that the install step uses, files that the gates read, and locks that no person writes. */
import { INSTALLED_FOLDERS, isRead, isSetupFile, isWrittenLock } from '../../src/inspect/packages/managers';
import { locksOf, manifestsOf, SCRIPT_PROGRAMS } from '../../src/inspect/packages/managers';

const GENERATED_LOCKS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'uv.lock',
  'poetry.lock',
];

test.each([
  ...GENERATED_LOCKS,
  ...['package.json', 'pnpm-workspace.yaml', 'bun.lock', 'bun.lockb', '.npmrc', 'packages/a/package.json'],
  ...['requirements.txt', 'requirements-dev.txt', 'constraints.txt', 'pyproject.toml', 'setup.cfg', 'Pipfile'],
  ...['Pipfile.lock', 'go.mod', 'go.sum', 'Cargo.toml', 'Cargo.lock', 'Gemfile', 'Gemfile.lock', 'composer.json'],
  'composer.lock',
])('the install step uses %s', (path) => expect(isSetupFile(path)).toBe(true));

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
])('the install step does not use %s', (path) => expect(isSetupFile(path)).toBe(false));

test.each([
  ...GENERATED_LOCKS,
  ...['package.json', 'pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile', 'environment.yml', 'environment.yaml'],
  ...['pdm.lock', 'requirements.txt', 'requirements.in', 'requirements/dev.txt', 'a/constraints-1.txt'],
])('the gates read %s', (path) => expect([path, `a/${path}`].map(isRead)).toEqual([true, true]));

test.each(['src/a.js', 'Pipfile.lock', '.npmrc', 'bun.lockb', 'go.sum', 'Cargo.lock', 'xpackage.json', 'constructor'])(
  'the gates do not read %s',
  (path) => expect(isRead(path)).toBe(false),
);

test('of the locks, only those that the install step uses do not count as written by a person', () => {
  expect(GENERATED_LOCKS.map((path) => isWrittenLock(`a/${path}`))).toEqual(GENERATED_LOCKS.map(() => true));
  for (const path of ['pdm.lock', 'go.sum', 'Cargo.lock', 'bun.lockb', 'yarn.lock/a'])
    expect(isWrittenLock(path)).toBe(false);
});

test('locks of one ecosystem count in this order, and these programs start scripts', () => {
  expect([...locksOf('npm').keys()]).toEqual([...GENERATED_LOCKS.slice(0, 4), 'bun.lock']);
  expect([...locksOf('pypi').keys()]).toEqual(['uv.lock', 'poetry.lock', 'pdm.lock']);
  expect(SCRIPT_PROGRAMS).toEqual(['npm', 'pnpm', 'yarn', 'bun']);
  expect([...INSTALLED_FOLDERS].sort()).toEqual(['.venv', '__pypackages__', 'node_modules', 'vendor', 'venv']);
});

test('every manifest of Python either has a reader or counts by the names in its text', () => {
  const readByGates = manifestsOf('pypi').filter(({ files }) =>
    ['requirements.txt', 'pyproject.toml'].some((path) => files.test(path)),
  );
  expect(readByGates.every((manifest) => manifest.read !== undefined)).toBe(true);
  expect(manifestsOf('pypi').length - readByGates.length).toBe(3);
});
