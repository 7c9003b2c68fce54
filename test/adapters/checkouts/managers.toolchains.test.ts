/** Tests setup steps with the real package managers and registries. A run without network uses each result. */
import { readdirSync, statSync } from 'node:fs';
import type { TreeAt } from '../../../src/ports/workspace';
import { createPlace } from './place';
import type { Files } from './place';

let place: ReturnType<typeof createPlace>;
beforeAll(() => (place = createPlace()));
afterAll(() => place.stop());

const TIMEOUT_MS = 400_000;
const PYTHON: Files = {
  'pyproject.toml': `[build-system]
requires = ["setuptools>=64"]
build-backend = "setuptools.build_meta"
[project]
name = "foo"
version = "1.2"
dependencies = ["six"]
[project.scripts]
foo = "foo:main"
[tool.pytest.ini_options]
asyncio_mode = "auto"
`,
  'src/foo/__init__.py': "import six\ndef main():\n    print('main')\n",
  'tests/test_foo.py': `import subprocess, importlib.metadata
async def test_foo():
    assert importlib.metadata.version('foo') == '1.2'
    assert subprocess.check_output(['foo']) == b'main\\n'
`,
};
/** One commit for all tests, because an editable installation is tied to its commit. */
let pythonAt: Promise<TreeAt> | undefined;
const pythonCommit = (): Promise<TreeAt> => (pythonAt ??= place.commit(PYTHON));
const manifest = (name: string, more: object) => JSON.stringify({ name, version: '1.0.0', ...more });

const CASES: Array<[string, Files, string[], RegExp]> = [
  [
    'R1: npm, with its own command and packages',
    {
      'package.json': manifest('a', {
        scripts: { pretest: 'echo before', test: 'node test.js' },
        dependencies: { 'is-odd': '3.0.1' },
      }),
      'test.js': "console.log('odd', require('is-odd')(3))",
    },
    ['npm', 'test'],
    /before[^]*odd true/,
  ],
  [
    'R1: pnpm with a workspace, installed in the version that packageManager names',
    {
      'package.json': manifest('r', {
        private: true,
        packageManager: 'pnpm@9.15.0',
        scripts: { test: 'pnpm -r test' },
      }),
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
      'packages/a/package.json': manifest('a', {
        scripts: { test: 'node a.js; pnpm --version' },
        dependencies: { b: 'workspace:*', 'is-odd': '3.0.1' },
      }),
      'packages/a/a.js': "console.log('a', require('b'), require('is-odd')(3))",
      'packages/b/package.json': manifest('b', { main: 'b.js' }),
      'packages/b/b.js': "module.exports = 'b'",
    },
    ['pnpm', 'test'],
    /a b true[^]*9\.15\.0/,
  ],
  [
    'R3: pip, with files that requirements.txt names and an editable package of the repository',
    {
      'requirements.txt': '-r deps/base.txt\n-e ./libs/mylib\n',
      'deps/base.txt': 'six\n-c ../limits.txt\n',
      'limits.txt': 'six<2\n',
      'libs/mylib/pyproject.toml':
        '[build-system]\nrequires = ["setuptools>=64"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "mylib"\nversion = "1"\n',
      'libs/mylib/mylib/__init__.py': "NAME = 'mine'",
    },
    ['python', '-c', 'import six, mylib; print(mylib.NAME, mylib.__file__)'],
    /^mine \/workspace\/libs\/mylib\/mylib/,
  ],
];

test.each(CASES)(
  '%s',
  async (_, files, command, expected) => expectOutput(await place.commit(files), command, expected),
  TIMEOUT_MS,
);

test(
  'P3: a Python package in src, installed as editable, with its entry point and the pytest plugins that it uses',
  async () => expectOutput(await pythonCommit(), ['python', '-m', 'pytest', '-q'], /1 passed/),
  TIMEOUT_MS,
);

test(
  'P3: the sources of the change are imported, although the base was installed',
  async () => {
    const at = await pythonCommit();
    const later = await place.change(at, { 'src/foo/__init__.py': "def main():\n    print('candidate')\n" });
    expect(await place.outputOf(later, ['foo'], { base: at.commit })).toBe('candidate\n');
  },
  TIMEOUT_MS,
);

test(
  'a change that needs a missing package is blamed, by the error of the registry or by a comparison with the base',
  async () => {
    const test = { scripts: { test: 'node -e 0' } };
    const filesWithMissingPackage = {
      'package.json': manifest('a', { ...test, dependencies: { 'is-odd': '99.0.0' } }),
    };
    for (const dependencies of [{}, { 'is-odd': '3.0.1' }]) {
      const at = await place.commit({ 'package.json': manifest('a', { ...test, dependencies }) });
      const change = await place.change(at, filesWithMissingPackage);
      const failedRun = place.outputOf(change, ['npm', 'test'], { base: at.commit });
      await expect(failedRun).rejects.toMatchObject({ type: 'Change.SetupFailed' });
    }
  },
  TIMEOUT_MS,
);

async function expectOutput(at: TreeAt, command: string[], expected: RegExp): Promise<void> {
  expect(await place.outputOf(at, command)).toMatch(expected);
  const stateBefore = cacheState();
  await place.use(at, async () => undefined);
  // The result comes from the cache: nothing was installed anew.
  expect(cacheState()).toEqual(stateBefore);
}

/** Returns the time of the cache's last change and its content. Every new installation adds a folder to it. */
function cacheState(): unknown {
  return [statSync(place.cacheRoot).ctimeMs, readdirSync(place.cacheRoot)];
}
