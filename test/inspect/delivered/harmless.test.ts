/**
 * Usual changes that are close to findings of the gate `delivered`, and are not found.
 */
import { findDelivered } from '../../../src/inspect/delivered/delivered';
import { A, B, IMPORTS_A, MANIFEST, IMPORTS_TENTHS, findingsOf, treeOf } from './example-tree';
import type { ExampleChange } from './example-tree';

test.each<[string, ExampleChange]>([
  [
    'a module in two formats, named by their endings',
    {
      base: {
        'package.json': MANIFEST({ exports: { import: './index.mjs', require: './index.cjs' } }),
        'test/a.test.js': "import '../index.mjs';",
      },
      files: { 'index.mjs': A, 'index.cjs': B },
    },
  ],
  [
    'a source that is moved to types',
    { base: { 'test/a.test.ts': "import '../src/a';" }, files: { 'src/a.ts': A, 'src/a.d.ts': '' } },
  ],
  [
    'a source and what it is compiled to, both changed alike',
    { base: { 'a.ts': A, 'a.js': A }, files: { 'a.ts': B.replace('a =', 'a: number ='), 'a.js': B } },
  ],
  [
    'sources below src, and a package of what a build writes',
    {
      base: {
        'package.json': MANIFEST({ main: 'dist/b.js', files: ['dist'] }),
        '.npmignore': 'src\n',
        '.gitignore': 'dist\n',
      },
      files: { 'src/a.ts': A, 'src/b.ts': IMPORTS_A },
    },
  ],
  [
    'a package that lists its folder',
    {
      base: { 'package.json': MANIFEST({ main: 'lib/b.js', files: ['lib', 'README.md'] }) },
      files: { 'lib/a.js': A, 'lib/b.js': IMPORTS_A },
    },
  ],
  [
    'an image that leaves tests and tools out',
    {
      files: {
        '.dockerignore': '.git\nnode_modules\ntest\nscripts\n*.md\n',
        'scripts/a.js': A,
        'src/b.js': A,
        'test/b.test.js': "import '../scripts/a.js';",
      },
    },
  ],
  [
    'an image without the other half of a repository',
    { files: { '.dockerignore': 'web\n', 'web/src/a.js': A, 'web/src/b.js': IMPORTS_A, 'server/c.js': A } },
  ],
  [
    'an image that takes only what it names',
    { base: { '.dockerignore': '*\n!src\n!package.json\n' }, files: { 'src/a.js': A, 'src/b.js': IMPORTS_A } },
  ],
  [
    'an image of folders and single files',
    {
      base: { Dockerfile: 'FROM node\nCOPY package.json server.js ./\nCOPY src ./src\n', 'server.js': '' },
      files: { 'src/a.js': A, 'server.js': "import './src/a.js';" },
    },
  ],
  [
    'a package of Python that is searched',
    {
      base: { 'pyproject.toml': '[tool.setuptools.packages.find]\ninclude = ["till*"]\nexclude = ["tests*"]\n' },
      files: { 'till/rules/__init__.py': '', 'till/b.py': IMPORTS_TENTHS },
    },
  ],
  [
    'poetry with a folder',
    {
      base: { 'pyproject.toml': '[tool.poetry]\npackages = [{ include = "till", from = "src" }]\n' },
      files: { 'src/till/rules/__init__.py': '', 'src/till/b.py': IMPORTS_TENTHS },
    },
  ],
  [
    'attributes of line ends, of tests, of generated files and of languages',
    {
      files: {
        '.gitattributes':
          '* text=auto eol=lf\n*.py diff=python\n*.png binary\n/test export-ignore\ndist/** -diff linguist-generated\n*.psd filter=lfs diff=lfs merge=lfs -text\n',
        'a.py': '',
        'test/a_test.py': '',
        'dist/a.js': '',
      },
    },
  ],
  [
    'a bundle that nothing delivers',
    { base: { 'package.json': MANIFEST({ main: 'src/a.js' }) }, files: { 'dist/a.js': 'b' } },
  ],
  [
    'a bundle that a test loads',
    {
      base: { 'package.json': MANIFEST({ main: 'dist/a.js' }), 'test/a.test.js': "import '../dist/a.js';" },
      files: { 'dist/a.js': 'b' },
    },
  ],
  [
    'a source whose comment begins with a mark',
    {
      base: { 'package.json': MANIFEST({ main: 'src/a.js' }) },
      files: { 'src/a.js': '/** The tills of the shop. */\nexport const a = 1;\n' },
    },
  ],
  [
    'files of Go for platforms, tests and tools',
    {
      files: {
        'a_windows.go': '//go:build windows && !cgo\n\npackage a\n',
        'b_test.go': '//go:build live\n\npackage a\n',
        'tools.go': '//go:build tools\n\npackage a\n',
        'c.go': '//go:build integration || go1.21\n\npackage a\n',
      },
    },
  ],
  [
    'conditions of Rust for platforms, tests and derived code',
    {
      base: { 'Cargo.toml': '[features]\ndefault = ["std"]\nstd = []\nserde = []\n' },
      files: {
        'src/a.rs':
          '#![cfg_attr(not(feature = "std"), no_std)]\n#[cfg(feature = "std")]\nuse a;\n#[cfg(target_os = "linux")]\n#[cfg_attr(feature = "serde", derive(Serialize))]\nstruct A;\n#[cfg(test)]\nmod tests {}\ninclude!(concat!(env!("OUT_DIR"), "/x.rs"));\n',
      },
    },
  ],
  [
    'a feature that the tests turn on',
    {
      base: { 'Cargo.toml': '[features]\nlive = []\n' },
      files: { 'src/a.rs': '#[cfg(feature = "live")]\n' },
      testCommand: ['cargo', 'test', '--all-features'],
    },
  ],
  [
    'headers, guards and platforms of C',
    {
      base: { 'rules.def': '' },
      files: {
        'a.h': '#ifndef A_H\n#define A_H\n#ifdef _WIN32\n#endif\n#include "rules.def"\n#include "b.h"\n#endif\n',
      },
    },
  ],
  ['a document', { files: { 'README.md': 'b\n', 'docs/conventions.md.txt': '' } }],
])('%s is no finding', (_name, change) => expect(findingsOf(change)).toEqual([]));

test('a changed bundle is a note if the request has a build command', () => {
  const base = { 'package.json': MANIFEST({ main: 'dist/a.js' }), 'dist/a.js': 'a' };
  const { found, notes } = findDelivered(treeOf({ base, files: { 'dist/a.js': 'b' }, isBuilt: true }));
  expect(found).toEqual([]);
  expect(notes.join('\n')).toContain('dist/a.js');
});
