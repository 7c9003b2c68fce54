/** Finds the tests that the chosen command does not run, as the report names them. */
import { findUnmeasured } from '../../src/inspect/commands/find-unmeasured';

const npm = (test: string, more: object = {}) => JSON.stringify({ scripts: { test, ...more } });
const PYTHON = { 'pyproject.toml': '[tool.pytest.ini_options]\n' };

const find = (files: Record<string, string>, command: string[], workdir = '') =>
  findUnmeasured({ files: Object.keys(files), read: (path) => Promise.resolve(files[path]) }, { workdir, command });
const noteOn = (what: string) =>
  `the test command is not seen to run the tests of ${what}: commands.test names one that does`;

test.each<[string, Record<string, string>, string[], string[]]>([
  ['Python beside npm', { 'package.json': npm('jest'), ...PYTHON }, ['npm', 'test'], ['Python (python3 -m pytest)']],
  [
    'a frontend beside Go',
    { 'go.mod': '', 'web/package.json': npm('vitest run') },
    ['go', 'test', './...'],
    ['JavaScript (npm test in web)'],
  ],
  [
    'two more, one in two folders',
    { 'package.json': npm('jest'), 'a/Cargo.toml': '', 'b/Cargo.toml': '', 'c/pom.xml': '' },
    ['npm', 'test'],
    [
      'Rust (cargo test --offline --no-fail-fast in a, cargo test --offline --no-fail-fast in b)',
      'Java (mvn --offline --batch-mode --fail-at-end test in c)',
    ],
  ],
])('R4: a note says that the command does not measure %s', async (_, files, command, expected) => {
  expect(await find(files, command)).toEqual(expected.map(noteOn));
});

test.each<[string, Record<string, string>, string[]]>([
  ['one ecosystem', { 'package.json': npm('jest'), 'packages/a/package.json': npm('jest') }, ['npm', 'test']],
  [
    'a script that runs both',
    { 'package.json': npm('jest && npm run py', { py: 'pytest' }), ...PYTHON },
    ['npm', 'test'],
  ],
  [
    'rules of make that run both',
    { Makefile: 'test:\n\tnpm test\n\tpytest\n', 'package.json': npm('x'), ...PYTHON },
    ['make', 'test'],
  ],
  ['a manifest without tests', { 'package.json': npm('jest'), 'requirements.txt': 'six\n' }, ['npm', 'test']],
  [
    'an example',
    { 'package.json': npm('jest'), 'examples/py/pyproject.toml': '[tool.pytest.ini_options]\n' },
    ['npm', 'test'],
  ],
])('R4: there is no note for %s', async (_, files, command) => {
  expect(await find(files, command)).toEqual([]);
});

test('R4: a note says that Go modules below the tested one are not run', async () => {
  const module = (folder: string) => ({ [`${folder}/go.mod`]: 'module x\n', [`${folder}/x_test.go`]: '' });
  const files = { 'go.mod': 'module y\n', 'y_test.go': '', ...module('sftpfs'), ...module('internal/testdata/z') };
  const command = ['go', 'test', './...'];
  expect(await find({ ...files, 'docs/go.mod': 'module d\n' }, command)).toEqual([
    'modules of Go with tests of their own are not run (sftpfs): commands.test names a command that does',
  ]);
  expect(await find({ ...files, 'go.work': 'use (\n  .\n  ./sftpfs\n)\n' }, command)).toEqual([]);
});
