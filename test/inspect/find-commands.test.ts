/** Commands out of a repository's own manifests. */
import { findTestCommand } from '../../src/inspect/commands/find-commands';

const find = (files: Record<string, string>) =>
  findTestCommand({ read: (path) => Promise.resolve(files[path]), files: Object.keys(files) });
const manifest = (scripts: Record<string, string>) => ({ 'package.json': JSON.stringify({ scripts }) });
const TAP = ['node', '--test', '--test-reporter=tap'];

test.each([
  ['node --test', TAP],
  ['node --test test/a.js', [...TAP, 'test/a.js']],
  ['node --import=tsx --test --test-reporter=spec', [...TAP, '--import=tsx']],
  ['node --test "test/**/*.js"', ['npm', 'test', '--silent']],
  ['node --test && rm -rf x', ['npm', 'test', '--silent']],
  ['node --test $(id)', ['npm', 'test', '--silent']],
  ['jest', ['npm', 'test', '--silent']],
])('the test script %j becomes %j', async (script, expected) => {
  expect(await find(manifest({ test: script }))).toEqual(expected);
});

test.each([
  [{ 'pytest.ini': '' }, ['python3', '-m', 'pytest', '-q']],
  [{ 'tests/test_a.py': '' }, ['python3', '-m', 'pytest', '-q']],
  [{ 'pyproject.toml': '[tool.pytest.ini_options]\n' }, ['python3', '-m', 'pytest', '-q']],
  [{ 'go.mod': '' }, ['go', 'test', '-v', './...']],
  [{ 'Cargo.toml': '' }, ['cargo', 'test', '--offline']],
  [{ Makefile: 'all:\n\ntest: all\n\t./t\n' }, ['make', 'test']],
  [{ 'src/a.test.mjs': '' }, TAP],
  [{ 'test/a.js': '' }, TAP],
  [{ ...manifest({ test: 'echo "Error: no test specified" && exit 1' }), 'a.test.js': '' }, TAP],
  [{ 'package.json': 'not json', 'a.test.js': '' }, TAP],
])('%j is tested by %j', async (files, expected) => {
  expect(await find(files as Record<string, string>)).toEqual(expected);
});

test.each([
  [{}],
  [{ 'README.md': '' }],
  [{ Makefile: 'test := 1\n' }],
  [{ 'package.json': 'null' }],
  [{ 'package.json': '[]' }],
])('%j has no test command', async (files) => {
  expect(await find(files as Record<string, string>)).toBeUndefined();
});
