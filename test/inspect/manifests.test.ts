/** Reads manifests and lock files as people and tools write them. */
import { readNpmSpec, readPackageJson } from '../../src/inspect/manifests/package-json';
import { locksOf } from '../../src/inspect/packages/managers';
import { readPyproject, readPythonLock, readRequirements } from '../../src/inspect/manifests/python';

test('every kind of dependency in package.json is a declaration', () => {
  const text = JSON.stringify({
    name: 'x',
    type: 'module',
    dependencies: { a: '^1' },
    devDependencies: { b: '2.0.0' },
    optionalDependencies: { c: '*' },
    peerDependencies: { d: '>=1' },
  });
  expect([...(readPackageJson(text)?.declared ?? [])]).toEqual([
    ['a', '^1'],
    ['b', '2.0.0'],
    ['c', '*'],
    ['d', '>=1'],
  ]);
});

test.each(['', '[]', '{"dependencies": []}', '{"dependencies": {"a": 1}}', '{'])(
  '%j is not read as a package.json',
  (text) => {
    expect(readPackageJson(text)).toBeUndefined();
  },
);

test.each([
  ['^1.2.0', 'a', 'registry', null],
  ['1.2.3', 'a', 'registry', '1.2.3'],
  ['~1.2.0', 'a', 'registry', null],
  ['~/a', 'a', 'other', null],
  ['latest', 'a', 'registry', null],
  ['npm:real@1.0.0', 'real', 'registry', '1.0.0'],
  ['npm:@x/real@^1', '@x/real', 'registry', null],
  ['workspace:*', 'a', 'local', null],
  ['file:packages/b', 'a', 'local', null],
  ['file:/etc', 'a', 'other', null],
  ['file:./b.tgz', 'a', 'other', null],
  ['github:x/y', 'a', 'other', null],
  ['x/y', 'a', 'other', null],
  ['git+ssh://git@example.org/x.git', 'a', 'other', null],
  ['https://example.org/a.tgz', 'a', 'other', null],
  ['v1.2.3', 'a', 'registry', '1.2.3'],
  ['>=1 <2 || 3', 'a', 'registry', null],
  ['', 'a', 'registry', null],
  ['npm:^1.2.0', 'a', 'registry', null],
  ['NPM:real@1.0.0', 'real', 'registry', '1.0.0'],
  ['npm:real@file:../b', 'a', 'other', null],
  ['npm:a@npm:real@1', 'a', 'other', null],
  ['link:../b', 'a', 'local', null],
  ['portal:/b', 'a', 'other', null],
  ['FILE:../b', 'a', 'local', null],
  ['./b', 'a', 'local', null],
  ['../../../b', 'a', 'other', null],
  ['b.tgz', 'a', 'other', null],
  ['b.tar.gz', 'a', 'other', null],
  ['git@example.org:x/y.git', 'a', 'other', null],
  ['a:b', 'a', 'other', null],
  ['%2e%2e', 'a', 'other', null],
  ['patch:a@npm%3A1.0.0#x.patch', 'a', 'other', null],
  ['^1 '.repeat(400), 'a', 'other', null],
])('the dependency spec %s is read', (spec, name, source, version) => {
  expect(readNpmSpec('a', spec)).toMatchObject({ name, source, version });
});

test.each([
  [
    'package-lock.json',
    JSON.stringify({
      packages: {
        '': {},
        'node_modules/a': { version: '1.0.0', resolved: 'https://r/a.tgz', integrity: 'sha512-a' },
        'node_modules/b': { name: 'real', version: '2.0.0', resolved: 'git+ssh://x#1' },
        'node_modules/own': { link: true },
      },
    }),
    ['a 1.0.0 sha512-a registry', 'real 2.0.0 null other', 'own  null local'],
  ],
  [
    'npm-shrinkwrap.json',
    JSON.stringify({
      dependencies: { a: { version: '1.0.0', integrity: 'sha512-a', dependencies: { b: { version: '2.0.0' } } } },
    }),
    ['a 1.0.0 sha512-a registry', 'b 2.0.0 null registry'],
  ],
  [
    'yarn.lock',
    `# yarn lockfile v1\n\n\n"@x/a@^1.0.0", "@x/a@^1.1.0":\n  version "1.1.0"\n  resolved "https://r/a.tgz#f"\n  integrity sha512-a\n\nb@2:\n  version "2.0.0"\n`,
    ['@x/a 1.1.0 sha512-a registry', 'b 2.0.0 null registry'],
  ],
  [
    'yarn.lock',
    '__metadata:\n  version: 8\n\n"@x/a@npm:^1.0.0":\n  version: 1.1.0\n  resolution: "@x/a@npm:1.1.0"\n  checksum: 10c0/ab\n\n"b@x/b":\n  version: 2.0.0\n  resolution: "b@https://x/b.tgz"\n\n"own@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "own@workspace:."\n',
    ['@x/a 1.1.0 yarn-10c0/ab registry', 'b 2.0.0 yarn-unchecked other', 'own 0.0.0-use.local yarn-unchecked local'],
  ],
  [
    'bun.lock',
    '{ "packages": { "@x/a": ["@x/a@1.0.0", "", {}, "sha512-a"], "b": ["b@github:x/b#0", {}, "0"], "own": ["own@workspace:own"], }, }',
    ['@x/a 1.0.0 sha512-a registry', 'b github:x/b#0 null other', 'own workspace:own null local'],
  ],
  [
    'pnpm-lock.yaml',
    `lockfileVersion: '9.0'\n\npackages:\n\n  '@x/a@1.0.0':\n    resolution: {integrity: sha512-a}\n\n  b@2.0.0:\n    resolution: {integrity: sha512-b}\n    engines: {node: '>=18'}\n\nsnapshots:\n\n  b@2.0.0: {}\n`,
    ['@x/a 1.0.0 sha512-a registry', 'b 2.0.0 sha512-b registry'],
  ],
  [
    'pnpm-lock.yaml',
    `lockfileVersion: '9.0'\npackages: {"a@1.0.0": {resolution: {tarball: 'https://x/a.tgz'}}, ? b@1.10\n : {"resolution": &r {"integrity": sha512-b}}, c@2.0.0: {resolution: *r}}\n`,
    ['a 1.0.0 null other', 'b 1.10 sha512-b registry', 'c 2.0.0 sha512-b registry'],
  ],
  [
    'pnpm-lock.yaml',
    `---\nlockfileVersion: '9.0'\npackages:\n  pnpm@11.0.0:\n    resolution: {integrity: sha512-p}\n---\nlockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-a}\n`,
    ['pnpm 11.0.0 sha512-p registry', 'a 1.0.0 sha512-a registry'],
  ],
  [
    'pnpm-lock.yaml',
    `lockfileVersion: '9.0'\r\n\r\npackages:\r\n\r\n  'b@https://codeload.github.com/x/b/tar.gz/0':\r\n    resolution: {tarball: https://codeload.github.com/x/b/tar.gz/0}\r\n    version: 2.0.0\r\n  own@file:packages/own:\r\n    resolution: {directory: packages/own, type: directory}\r\n  out@file:/etc:\r\n    resolution: {directory: /etc, type: directory}\r\n  git@git+https://x/y.git#0:\r\n    resolution:\r\n      type: git\r\n      commit: '0'\r\n      repo: https://x/y.git\r\n    version: 1.0.0\r\n`,
    ['b 2.0.0 null other', 'own file:packages/own null local', 'out file:/etc null other', 'git 1.0.0 null other'],
  ],
  [
    'pnpm-lock.yaml',
    `lockfileVersion: '6.0'\npackages:\n  /@x/a@1.0.0(b@2.0.0):\n    resolution: {integrity: sha512-a}\n  github.com/x/y/0:\n    resolution: {tarball: https://codeload.github.com/x/y/tar.gz/0}\n    name: y\n    version: 3.0.0\n`,
    ['@x/a 1.0.0 sha512-a registry', 'y 3.0.0 null other'],
  ],
  [
    'pnpm-lock.yaml',
    `lockfileVersion: 5.4\npackages:\n  /@x/a/1.0.0_b@2.0.0:\n    resolution: {integrity: sha512-a}\n  /b/2.0.0:\n    resolution: {integrity: sha512-b}\n`,
    ['@x/a 1.0.0 sha512-a registry', 'b 2.0.0 sha512-b registry'],
  ],
  ['pnpm-lock.yaml', `lockfileVersion: '9.0'\n\nimporters:\n  .: {}\n`, []],
  [
    'yarn.lock',
    '__metadata:\n  version: 8\n\n? "a@npm:1 || 2, a@npm:^1.0.0"\n:\n  version: 1.10\n  resolution: "a@npm:1.10"\n"b@npm:1": {version: 1.0.0, resolution: "b@https://x/b.tgz"}\n',
    ['a 1.10 yarn-unchecked registry', 'b 1.0.0 yarn-unchecked other'],
  ],
])('%s is read', (name, text, expected) => {
  const entries = locksOf('npm').get(name)?.(text) ?? [];
  expect(entries.map((entry) => `${entry.name} ${entry.version} ${entry.integrity} ${entry.source}`)).toEqual(expected);
});

test('a malformed lock file is recognised', () => {
  expect(locksOf('npm').get('package-lock.json')?.('{')).toBeUndefined();
  expect(locksOf('npm').get('bun.lock')?.('{')).toBeUndefined();
});

test.each([
  ['pnpm-lock.yaml', ''],
  ['pnpm-lock.yaml', 'a: b\n'],
  ['pnpm-lock.yaml', "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {resolution: {integrity: sha512-a}\n"],
  ['pnpm-lock.yaml', "lockfileVersion: '9.0'\n<<<<<<< HEAD\npackages: {}\n=======\n>>>>>>> x\n"],
  ['pnpm-lock.yaml', "lockfileVersion: '9.0'\npackages: {a@1.0.0: {}, a@1.0.0: {}}\n"],
  ['yarn.lock', '__metadata:\n  version: 8\n\n"a@npm:1":\n  version: 1.0.0\n'],
  ['yarn.lock', '__metadata:\n\n"a@1":\n  version "1.0.0"\n  resolved "https://x/a.tgz"\n'],
  ['yarn.lock', '__metadata:\n  version: 8\n"a@npm:1": {\n'],
])('a YAML lock that is malformed or incomplete is not read: %s %j', (name, text) => {
  expect(locksOf('npm').get(name)?.(text)).toBeUndefined();
});

test('requirements are read with pinned versions, hashes, extras and addresses', () => {
  const hash = 'a'.repeat(64);
  const text = `# comment\n-r other.txt\nFlask[async]==3.0.0 \\\n    --hash=sha256:${hash}\nrequests>=2 ; python_version > "3"\ngit+https://x/y.git\n-e .\nthing @ https://x/t.whl\n`;
  expect(
    readRequirements(text).map(({ name, spec, version, source, hashes }) => [
      name,
      spec,
      version,
      source,
      hashes.length,
    ]),
  ).toEqual([
    ['flask', '==3.0.0', '3.0.0', 'registry', 1],
    ['requests', '>=2', null, 'registry', 0],
    ['git+https://x/y.git', 'git+https://x/y.git', null, 'other', 0],
    ['./.', './.', null, 'local', 0],
    ['thing', '@ https://x/t.whl', null, 'other', 0],
  ]);
});

test('pyproject.toml is read in the standard form and in that of poetry', () => {
  const text = `[build-system]\nrequires = ["hatchling"]\n\n[project]\nname = "x"\ndependencies = [\n  "httpx[http2]>=0.27",\n  'rich==13.0.0',\n]\n\n[project.optional-dependencies]\ndev = ["pytest"]\n\n[tool.poetry.dependencies]\npython = "^3.11"\nDjango = "^5.0"\nown = { path = "../own" }\n`;
  expect(
    readPyproject(text).map(({ name, version, source, isBuildTool }) => [name, version, source, isBuildTool === true]),
  ).toEqual([
    ['hatchling', null, 'registry', true],
    ['httpx', null, 'registry', false],
    ['rich', '13.0.0', 'registry', false],
    ['pytest', null, 'registry', false],
    ['django', null, 'registry', false],
    ['own', null, 'local', false],
  ]);
});

test('the locks of poetry and uv are read', () => {
  const hash = `sha256:${'b'.repeat(64)}`;
  const text = `version = 1\n\n[[package]]\nname = "Rich"\nversion = "13.0.0"\nsdist = { url = "https://x", hash = "${hash}" }\n\n[[package]]\nname = "own"\nversion = "0.1"\nsource = { virtual = "." }\n`;
  expect(readPythonLock(text)).toEqual([
    { name: 'rich', version: '13.0.0', integrity: hash, source: 'registry', place: '' },
    { name: 'own', version: '0.1', integrity: null, source: 'local', place: '' },
  ]);
});
