/** Finds workspace members, modules and local packages that manifests name, also in hostile manifests. */
import { usedModules } from '../../src/inspect/packages/go';
import { workspaceFolder } from '../../src/inspect/packages/workspace-folder';
import { pathPatterns } from '../../src/inspect/path-patterns';
import { pythonLocals } from '../../src/inspect/project/python-locals';
import { cpuMs } from '../cpu';

const readFrom = (files: Record<string, string>) => (path: string) => files[path];

function localsOf(text: string, paths: string[] = []) {
  const read = readFrom({ 'requirements.txt': text });
  const project = { folder: '', allowsScripts: false, paths, has: () => true, read };
  return pythonLocals(project, { roots: ['requirements.txt'], toml: {} });
}

test.each([
  ['a', 'a', true],
  ['./a/', 'a', true],
  ['packages/*', 'packages/a', true],
  ['packages/*', 'packages/a/b', false],
  ['packages/*', 'packages', false],
  ['packages/**', 'packages', true],
  ['packages/**', 'packages/a/b', true],
  ['**/a', 'a', true],
  ['**/a', 'x/y/a', true],
  ['x/**/a', 'x/a', true],
  ['x/**/a/*', 'x/a/a/b/a/c', true],
  ['**', 'x/y', true],
  ['a-*-b', 'a-x-y-b', true],
  ['a-*-b', 'a-b', false],
  ['a?', 'ab', true],
  ['a?', 'a', false],
  ['{a,b/c}/*', 'b/c/d', true],
  ['{a,{b,c}}x', 'cx', true],
  ['{a,b}', 'c', false],
  ['}x{a}', '}xa', true],
  ['{x', '{x', true],
  ['a.b', 'axb', false],
  ['a(b)[c]', 'a(b)[c]', true],
])('the pattern %j matches the path %j: %j', (pattern, path, matches) => {
  expect(pathPatterns([pattern])(path)).toBe(matches);
});

test('workspace members are found in each form of their manifests', () => {
  const folderFor = (name: string, text: string) => workspaceFolder('javascript', 'pkgs/a', readFrom({ [name]: text }));
  expect(folderFor('package.json', '{"workspaces":["}x{a}"]}')).toBe('pkgs/a');
  expect(folderFor('package.json', '{"workspaces":["pkgs/*","!pkgs/b"]}')).toBe('');
  expect(folderFor('package.json', '{"workspaces":["pkgs/*","!pkgs/a"]}')).toBe('pkgs/a');
  expect(
    folderFor('pnpm-workspace.yaml', '# x\npackages:\r\n\n  # y\n  - \'x\'\n  - "pkgs/*"\n\nother:\n  - y\n'),
  ).toBe('');
  expect(folderFor('pnpm-workspace.yaml', 'packages:\n- x\n- pkgs/*\n')).toBe('');
  // pnpm itself refuses a text that is no YAML.
  expect(folderFor('pnpm-workspace.yaml', 'packages:\n  - x\n- pkgs/*\n')).toBe('pkgs/a');
  expect(folderFor('pnpm-workspace.yaml', 'packages: [x,\n  "pkgs/*"] # y\n')).toBe('');
  expect(folderFor('pnpm-workspace.yaml', 'packages:\n  - x\nother:\n  - pkgs/a\n')).toBe('pkgs/a');
  expect(workspaceFolder('go', 'pkgs/a', readFrom({ 'go.work': 'use ./pkgs/a/\n' }))).toBe('');
});

test('the modules of a go.work are found in each of its forms', () => {
  const work = 'go 1.22\nuse ./a // x\nuse (\n\n\t./b/\n\t"./c" // y\n\t.\n)\nreplace x => ./d\nuse(./e)\r\nuser ./f\n';
  expect(usedModules(work)).toEqual(['./a', './b', './c', '.', './e']);
});

test('local packages of requirements are found with extras, markers and options', () => {
  const text =
    '-e ./a[dev] ; python_version > "3"\n./b --hash=x\nc[x] @ file:c\n--editable = d\nlib/e\nlib/f\nx[y]>=1 # z\n';
  const { copied, editable } = localsOf(text, ['lib/e/setup.py']);
  expect([editable, copied]).toEqual([
    ['a', 'd'],
    ['b', 'c', 'lib/e'],
  ]);
});

const DEEP = Array.from({ length: 60 }, () => 'a'.repeat(30)).join('/');
const patterns = (pattern: string) =>
  JSON.stringify({ workspaces: Array.from({ length: 200_000 / pattern.length }, () => pattern) });
const member = (name: string, text: string) => () => workspaceFolder('javascript', DEEP, readFrom({ [name]: text }));

test.each<[string, () => unknown]>([
  ['stars', member('package.json', patterns(`${'*a'.repeat(8)}b`))],
  ['one pattern of stars', member('package.json', patterns('*a'.repeat(100_000)))],
  ['folders of any depth', member('package.json', patterns(`${'**/*a/'.repeat(30)}b`))],
  ['braces', member('package.json', patterns('{a,b}'.repeat(40)))],
  ['open braces', member('package.json', patterns('{'.repeat(240)))],
  ['slashes', member('package.json', patterns(`x${'/'.repeat(199_000)}y`))],
  ['open lists', member('pnpm-workspace.yaml', 'packages:[\n'.repeat(18_000))],
  ['blank lines', member('pnpm-workspace.yaml', `packages:\n${'\n'.repeat(200_000)}x`)],
  ['blanks', member('pnpm-workspace.yaml', `packages:\n${' '.repeat(200_000)}x`)],
  ['blank lines of go.work', () => usedModules(`use (${'\n'.repeat(200_000)}x`)],
  ['blanks of go.work', () => usedModules(`use${' '.repeat(200_000)}x`)],
  ['slashes of go.work', () => usedModules(`use .${'/'.repeat(200_000)}x`)],
  ['comments of go.work', () => usedModules('//\u2028'.repeat(66_000))],
  ['blanks of requirements', () => localsOf(`a${' '.repeat(200_000)}x`)],
  ['blanks of an option', () => localsOf(`-e${' '.repeat(200_000)}x\u2028`)],
  ['brackets of requirements', () => localsOf('['.repeat(200_000))],
  ['brackets behind a name', () => localsOf(`a${'['.repeat(200_000)}`)],
  ['comments of requirements', () => localsOf(`x${' #\u2028'.repeat(66_000)}`)],
  [
    'paths of requirements',
    () =>
      localsOf(
        'a/b\n'.repeat(50_000),
        Array.from({ length: 20_000 }, (_, n) => `x/${n}`),
      ),
  ],
])('a manifest of 200 kB is read without delay: %s', (_, find) => {
  const began = cpuMs();
  find();
  expect(cpuMs() - began).toBeLessThan(1_000);
});
