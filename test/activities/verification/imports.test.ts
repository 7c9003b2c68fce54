/** Tests that an import counts as declared if a declared package installs it, also under another name. */
import { undeclaredImports } from '../../../src/inspect/dependencies/undeclared-imports';
import type { Change } from '../../../src/activities/verification/facts/change';

function changeOf(files: Record<string, string>, path: string): Change {
  const text = files[path] ?? '';
  const texts = new Map(Object.entries(files));
  const lines = text.split('\n').map((one, index) => ({ path, line: index + 1, text: one }));
  return {
    repo: { projectId: 'p', buildId: 'b' },
    ...{ base: 'b'.repeat(40), commit: 'c'.repeat(40), paths: Object.keys(files), files: [{ path, status: 'added' }] },
    ...{ before: texts, after: texts, added: { lines, isWhole: true } },
  } as unknown as Change;
}

test.each([
  [
    '@jest/globals is declared if jest is',
    'a.test.js',
    "import { expect } from '@jest/globals';",
    { jest: '^30.0.0' },
    [],
  ],
  [
    '@jest/globals is not declared if jest is not',
    'a.test.js',
    "import { expect } from '@jest/globals';",
    {},
    ['@jest/globals'],
  ],
])('imports: %s', (_what, path, text, devDependencies, expected) => {
  const change = changeOf({ 'package.json': JSON.stringify({ name: 'x', devDependencies }), [path]: text }, path);
  expect(undeclaredImports(change, []).map(({ name }) => name)).toEqual(expected);
});

test('imports: a package that the lock file installs counts as declared, and one that nothing installs does not', () => {
  const lock = JSON.stringify({
    packages: { 'node_modules/b': { version: '1.0.0' }, 'node_modules/a/node_modules/c': {} },
  });
  const files = { 'package.json': '{ "dependencies": { "a": "1" } }', 'package-lock.json': lock };
  const change = changeOf({ ...files, 'a.js': "import 'a';\nimport 'b';\nimport 'c';" }, 'a.js');
  expect(undeclaredImports(change, []).map(({ name }) => name)).toEqual(['c']);
});

test.each([
  ['dns is declared by dnspython', 'import dns.resolver', 'dnspython>=2', []],
  ['Crypto is declared by pycryptodome', 'from Crypto.Cipher import AES', 'pycryptodome', []],
  ['dns is not declared by requests', 'import dns.resolver', 'requests', ['dns']],
])('imports: %s', (_what, text, requirement, expected) => {
  const change = changeOf({ 'requirements.txt': `${requirement}\n`, 'app.py': text }, 'app.py');
  expect(undeclaredImports(change, []).map(({ name }) => name)).toEqual(expected);
});
