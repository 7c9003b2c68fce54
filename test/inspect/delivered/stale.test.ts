/**
 * Build output that the change does not update is found.
 */
import { findDelivered } from '../../../src/inspect/delivered/delivered';
import { A, B, MANIFEST, findingsOf, treeOf } from './example-tree';
import type { ExampleChange } from './example-tree';

const BUILD = { scripts: { build: 'rollup -c' } };
const staleOutput = (manifest: object, outputPath: string, more: Partial<ExampleChange> = {}): ExampleChange => ({
  base: { 'package.json': MANIFEST(manifest), 'src/a.js': A, [outputPath]: 'a', ...more.base },
  files: { 'src/a.js': B, ...more.files },
});

test.each<[string, ExampleChange, RegExp]>([
  [
    'a file of main with the name of its source',
    staleOutput({ main: 'dist/a.js' }, 'dist/a.js'),
    /dist\/a.js is built from src\/a.js and delivered by package.json/,
  ],
  [
    'a bundle that a script writes',
    staleOutput({ main: 'dist/index.js', ...BUILD }, 'dist/index.js'),
    /dist\/index.js is built from/,
  ],
  [
    'a bundle that exports name',
    staleOutput({ exports: { '.': './dist/till.min.js' }, ...BUILD }, 'dist/till.min.js'),
    /till.min.js/,
  ],
  ['a program of bin', staleOutput({ bin: { till: 'dist/a.cjs' } }, 'dist/a.cjs'), /dist\/a.cjs/],
  ['a folder of files', staleOutput({ files: ['dist'], main: 'dist/a.js' }, 'dist/a.js'), /dist\/a.js/],
  [
    'the compiled file of a TypeScript source',
    {
      base: {
        'package.json': MANIFEST({ main: 'lib/a.js', scripts: { build: 'tsc --outDir lib' } }),
        'src/a.ts': A,
        'lib/a.js': 'a',
      },
      files: { 'src/a.ts': B },
    },
    /lib\/a.js/,
  ],
  [
    'the bundle of an action',
    {
      base: {
        'package.json': MANIFEST(BUILD),
        'action.yml': 'runs:\n  main: dist/index.js\n',
        'src/a.js': A,
        'dist/index.js': 'a',
      },
      files: { 'src/a.js': B },
    },
    /delivered by action.yml/,
  ],
  [
    'the minified file of a page',
    {
      base: { 'public/index.html': '<script src="app.min.js"></script>', 'public/app.js': A, 'public/app.min.js': 'a' },
      files: { 'public/app.js': B },
    },
    /public\/app.min.js is built from public\/app.js/,
  ],
  [
    'the styles of a page',
    {
      base: {
        'public/index.html': '<link href="css/a.min.css">',
        'scss/a.scss': 'a{b:c}',
        'public/css/a.min.css': 'a',
      },
      files: { 'scss/a.scss': 'a{b:d}' },
    },
    /a.min.css/,
  ],
  [
    'what an image copies',
    {
      base: {
        Dockerfile: 'FROM node\nCOPY dist /app\n',
        'package.json': MANIFEST(BUILD),
        'src/a.js': A,
        'dist/a.js': 'a',
      },
      files: { 'src/a.js': B },
    },
    /delivered by Dockerfile/,
  ],
  [
    'a package of the workspace',
    {
      base: {
        'packages/a/package.json': MANIFEST({ main: 'dist/a.js' }),
        'packages/a/src/a.js': A,
        'packages/a/dist/a.js': 'a',
      },
      files: { 'packages/a/src/a.js': B },
    },
    /packages\/a\/dist\/a.js/,
  ],
])('%s is found', (_name, change, reason) => expect(findingsOf(change).join('\n')).toMatch(reason));

test.each<[string, ExampleChange]>([
  [
    'a source whose output is not in the repository',
    {
      base: { 'package.json': MANIFEST({ main: 'dist/a.js', ...BUILD }), '.gitignore': 'dist\n', 'src/a.js': A },
      files: { 'src/a.js': B },
    },
  ],
  ['a comment alone', staleOutput({ main: 'dist/a.js' }, 'dist/a.js', { files: { 'src/a.js': `// a\n${A}` } })],
  [
    'a build before packing',
    staleOutput({ main: 'dist/a.js', scripts: { build: 'tsc', prepack: 'npm run build' } }, 'dist/a.js'),
  ],
  [
    'a build in the image',
    staleOutput({ main: 'dist/a.js', ...BUILD }, 'dist/a.js', {
      base: { Dockerfile: 'FROM node\nCOPY . .\nRUN npm run build\n' },
    }),
  ],
  [
    'a build before it is published',
    staleOutput({ main: 'dist/a.js', ...BUILD }, 'dist/a.js', {
      base: { '.github/workflows/release.yml': 'steps:\n- run: npm run build\n- run: npm publish\n' },
    }),
  ],
  [
    'a guide by which changes bring no bundles',
    staleOutput({ main: 'dist/a.js', ...BUILD }, 'dist/a.js', {
      base: { 'CONTRIBUTING.md': 'Please do not commit files in dist.\n' },
    }),
  ],
  ['a bundle that nothing delivers', staleOutput({ main: 'src/a.js' }, 'dist/a.js')],
  [
    'a file by hand beside a source of the same name',
    {
      base: {
        'package.json': MANIFEST({ main: 'src/index.js' }),
        'public/index.html': '<script src="index.js"></script>',
        'src/index.js': A,
        'public/index.js': 'a',
      },
      files: { 'src/index.js': B },
    },
  ],
  [
    'one file of many that has another source',
    staleOutput({ main: 'dist/index.js', ...BUILD }, 'dist/index.js', {
      base: { 'dist/a.js': 'a', 'dist/b.js': 'b', 'src/index.js': A, 'src/c.js': A },
      files: { 'src/a.js': A, 'src/c.js': B },
    }),
  ],
  [
    'a foreign library that is minified',
    {
      base: {
        'public/index.html': '<script src="jquery.min.js"></script>',
        'public/jquery.min.js': 'a',
        'public/app.js': A,
      },
      files: { 'public/app.js': B },
    },
  ],
  [
    'tests and scripts',
    {
      base: { 'package.json': MANIFEST({ main: 'dist/index.js', ...BUILD }), 'dist/index.js': 'a' },
      files: { 'test/a.test.js': B, 'scripts/a.js': B },
    },
  ],
])('%s is no finding', (_name, change) => expect(findingsOf(change)).toEqual([]));

test('an outdated bundle is a note if the request has a build command', () => {
  const { found, notes } = findDelivered(treeOf({ ...staleOutput({ main: 'dist/a.js' }, 'dist/a.js'), isBuilt: true }));
  expect(found).toEqual([]);
  expect(notes.join('\n')).toContain('dist/a.js is built from src/a.js');
});
