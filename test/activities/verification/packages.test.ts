/** The packages of a change, read from its files alone. */
import type { Change } from '../../../src/activities/verification/facts/change';
import { npmPackages } from '../../../src/activities/verification/facts/npm-packages';
import { pythonPackages } from '../../../src/activities/verification/facts/python-packages';
import { changedFile } from '../../domain/gates/facts';

function changeOf(texts: Record<string, string>): Change {
  const paths = Object.keys(texts);
  return {
    ...{ repo: { projectId: 'p', buildId: 'b' }, base: 'a'.repeat(40), commit: 'b'.repeat(40) },
    files: paths.map((path) => changedFile({ path })),
    added: { lines: [], isWhole: true },
    paths,
    after: new Map(Object.entries(texts)),
    before: new Map(),
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
