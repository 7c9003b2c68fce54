/**
 * Shapes by what their git repository has: submodules, LFS pointers, names in latin-1, CRLF, no commit.
 */
import type { Shape } from '../shape';
import { makeRepository } from '../repository';
import { amountsSources, json } from '../sources/javascript';
import { javaScript } from '../sources/javascript-shape';

const manifest = { type: 'module', scripts: { test: 'node --test' } };
const base = { style: 'node', manifest } as const;
const OID = '4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393';
const NO_COMMIT = { environment: /commit/i, orComplete: true } as const;
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize 12345\n`;

export const GIT_SHAPES: Shape[] = [
  javaScript({
    ...base,
    name: 'submodule that tests need',
    moreFiles: {
      'src/named.js': "export { names } from '../vendor/names/names.js';\n",
      'test/named.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { names } from '../src/named.js';

test('names come from the submodule', () => {
  assert.deepEqual(names, ['tea', 'bread']);
});
`,
    },
    shape: {
      git: {
        before: (git, folder) => {
          const library = `${folder}-names`;
          makeRepository(library, { base: { 'names.js': "export const names = ['tea', 'bread'];\n" } });
          git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor/names');
          git('add', '.');
          git('commit', '-q', '-m', 'Write amounts');
        },
      },
      expects: { environment: /submodule/i, orComplete: true },
    },
  }),
  javaScript({
    ...base,
    name: 'submodule that cannot be fetched and that no test needs',
    moreFiles: {
      '.gitmodules': '[submodule "theme"]\n\tpath = theme\n\turl = https://theme.example.invalid/theme.git\n',
    },
    shape: {
      git: {
        before: (git) => {
          git('add', '.');
          git('update-index', '--add', '--cacheinfo', `160000,${'1234567890'.repeat(4)},theme`);
          git('commit', '-q', '-m', 'Write amounts');
        },
      },
      expects: { environment: /submodule/i, orComplete: true },
    },
  }),
  javaScript({
    ...base,
    name: 'LFS pointer',
    moreFiles: { '.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n', 'logo.png': POINTER },
    shape: {
      git: {
        before: (git) => {
          // Without filters, so that the pointer itself is committed if git-lfs is installed.
          git('-c', 'filter.lfs.clean=cat', '-c', 'filter.lfs.process=', '-c', 'filter.lfs.required=false', 'add', '.');
          git('commit', '-q', '-m', 'Write amounts');
        },
      },
      expects: { environment: /LFS/i, orComplete: true },
    },
  }),
  javaScript({
    style: 'node',
    name: 'latin-1 names and contents',
    // With a pattern, since node's own search for tests fails at a name that is not UTF-8.
    manifest: { type: 'module', scripts: { test: 'node --test test/*.test.js' } },
    moreFiles: {
      'notes/na\xefve.txt': Buffer.from('Caf\xe9: prices na\xefvely rounded\n', 'latin1'),
      'notes/na\xeeve.txt': Buffer.from('na\xeeve\n', 'latin1'),
      'test/notes.test.js': `import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

test('both notes keep their bytes', () => {
  const names = readdirSync('notes', { encoding: 'buffer' }).map((name) => name.toString('latin1'));
  assert.deepEqual(names.sort(), ['na\\xeeve.txt', 'na\\xefve.txt']);
  const [first] = readdirSync('notes', { encoding: 'buffer' }).filter((name) => name.includes(0xef));
  const path = Buffer.concat([Buffer.from('notes/'), first]);
  assert.ok(readFileSync(path).includes(0xe9));
});
`,
    },
    shape: { names: 'latin1' },
  }),
  crlfShape(),
  javaScript({
    ...base,
    name: 'repository without a commit',
    shape: { git: { before: () => {} }, expects: NO_COMMIT },
  }),
  emptyRepository(),
];

function crlfShape(): Shape {
  const lines = (text: string) => text.replaceAll('\n', '\r\n');
  const shape = javaScript({ ...base, name: 'CRLF line ends', moreFiles: { '.gitattributes': '* -text\n' } });
  const { changed } = amountsSources('esm');
  return {
    ...shape,
    base: Object.fromEntries(
      Object.entries(shape.base).map(([path, text]) => [path, typeof text === 'string' ? lines(text) : text]),
    ),
    work: { ...shape.work, code: { 'src/amounts.js': lines(changed) } },
  };
}

/** A repository without files and commits: the roles write the whole project. */
function emptyRepository(): Shape {
  const shape = javaScript({ ...base, name: 'empty repository' });
  const { changed } = amountsSources('esm');
  return {
    ...shape,
    base: {},
    git: { before: () => {} },
    byHand: { test: 'npm test', hasNoTests: true },
    work: {
      ...shape.work,
      code: {
        'package.json': json({ name: 'amounts', version: '1.0.0', private: true, ...manifest }),
        'src/amounts.js': changed,
      },
      criteria: shape.work.criteria.filter(({ kind }) => kind === 'new'),
    },
    expects: NO_COMMIT,
  };
}
