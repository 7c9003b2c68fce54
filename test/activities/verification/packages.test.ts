/** Tests how the packages of a change are read from its files. */
import type { Change } from '../../../src/activities/verification/facts/change';
import { npmPackages } from '../../../src/inspect/dependencies/npm-packages';
import { pythonPackages } from '../../../src/inspect/dependencies/python-packages';
import { changedFile } from '../../domain/gates/facts';

function changeOf(texts: Record<string, string>, before: Record<string, string> = {}): Change {
  const paths = Object.keys(texts);
  return {
    ...{ repo: { projectId: 'p', buildId: 'b' }, base: 'a'.repeat(40), commit: 'b'.repeat(40) },
    files: paths.map((path) => changedFile({ path })),
    added: { lines: [], isWhole: true },
    paths,
    after: new Map(Object.entries(texts)),
    before: new Map(Object.entries(before)),
  };
}

test.each(['constructor', 'toString', 'src/__proto__', 'hasOwnProperty'])('%s is no lock file', (path) => {
  const change = changeOf({ [path]: 'a text' });
  expect(npmPackages(change)).toEqual({ packages: [], unreadable: [] });
  expect(pythonPackages(change)).toEqual({ packages: [], unreadable: [] });
});

test('a Python package is looked up in the nearest lock', () => {
  const lock = (version: string) => `[[package]]\nname = "a"\nversion = "${version}"\n`;
  const found = pythonPackages(
    changeOf({
      ...{ 'pyproject.toml': '[project]\ndependencies = ["a"]\n', 'poetry.lock': lock('1.0'), 'pdm.lock': lock('2.0') },
      ...{ 'tools/requirements.txt': 'a>1\n', 'tools/uv.lock': lock('3.0') },
    }),
  );
  expect(found.packages.map(({ path, version, direct }) => [path, version, direct])).toEqual([
    ['pyproject.toml', '1.0', true],
    ['tools/requirements.txt', '3.0', true],
    ['pdm.lock', '2.0', false],
  ]);
});

const dependsOn = (spec: string) => JSON.stringify({ dependencies: { a: spec } });
const inPython = (spec: string) => `[project]\ndependencies = ["a${spec}"]\n`;

test.each<[string, Record<string, string>, string]>([
  ['the base had only a manifest', { 'package.json': dependsOn('^1.0.0') }, 'unkept'],
  ['the base had a lock', { 'package.json': dependsOn('^1.0.0'), 'package-lock.json': '{}' }, 'no_lock'],
  ['the base had no manifest', {}, 'no_lock'],
])('P10: a missing npm lock is excused only if the base has a manifest and no lock: %s', (_, before, state) => {
  const { packages } = npmPackages(changeOf({ 'package.json': dependsOn('^2.0.0') }, before));
  expect(packages.map(({ lock }) => lock.state)).toEqual([state]);
});

test.each<[string, Record<string, string>, string]>([
  ['the base had only a manifest', { 'pyproject.toml': inPython('>=1') }, 'unkept'],
  ['the base had a lock', { 'pyproject.toml': inPython('>=1'), 'uv.lock': '' }, 'no_lock'],
])('P10: a missing Python lock is excused only if the base has a manifest and no lock: %s', (_, before, state) => {
  const { packages } = pythonPackages(changeOf({ 'pyproject.toml': inPython('>=2') }, before));
  expect(packages.map(({ lock }) => lock.state)).toEqual([state]);
});

test('the source of a Python package is the one in the lock file, even if the manifest names another', () => {
  const lock = (source: string) => `[[package]]\nname = "a"\nversion = "2.0"\nsource = { ${source} }\n`;
  const sourceOf = (source: string) => {
    const change = changeOf({ 'pyproject.toml': inPython('>=2'), 'uv.lock': lock(source) });
    return pythonPackages(change).packages.map((one) => [one.source, one.spec]);
  };
  expect(sourceOf('registry = "https://pypi.org/simple"')).toEqual([['registry', '>=2']]);
  expect(sourceOf('url = "https://evil.example/a-2.0.tar.gz"')).toEqual([['other', 'an address in the lock file']]);
});
