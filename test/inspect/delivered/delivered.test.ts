/** What is delivered and what was tested, by the texts of two trees; rows of the corpus of cheats by their kinds, and honest neighbours. */
import { deliveredOf } from '../../../src/inspect/delivered/delivered';
import type { DeliveredTree } from '../../../src/inspect/delivered/tree';

interface Said {
  base?: Record<string, string>;
  files: Record<string, string>;
  testCommand?: string[];
  isBuilt?: boolean;
}

function treeOf({ base = {}, files, testCommand = [], isBuilt = false }: Said): DeliveredTree {
  const after = new Map(Object.entries({ ...base, ...files }));
  const added = Object.entries(files).flatMap(([path, text]) =>
    text.split('\n').map((row, index) => ({ path, line: index + 1, text: row })),
  );
  return {
    files: Object.keys(files).map((path) => ({ path, status: path in base ? 'modified' : 'added' })),
    ...{ added, paths: [...after.keys()], after, before: new Map(Object.entries(base)), testCommand, isBuilt },
  };
}
const said = (told: Said): string[] => deliveredOf(treeOf(told)).found.map(({ path, what }) => `${path} ${what}`);

const A = 'export const a = 1;\n';
const B = 'export const a = 2;\n';
const USES = "import { a } from './a';\n";
const MANIFEST = (more: object): string => JSON.stringify({ name: 'till', ...more });
const PYPROJECT = '[tool.setuptools]\npackages = ["till"]\n';
const PY_USE = 'from till.rules import TENTHS\n';

test.each<[string, Said, RegExp]>([
  ['a source and what it is compiled to, both new', { files: { 'src/a.ts': A, 'src/a.js': B } }, /twin|one name/],
  [
    'a module in JavaScript beside one with types',
    { base: { 'src/a.ts': A, 'test/b.js': "import '../src/a';" }, files: { 'src/a.mjs': B } },
    /one name/,
  ],
  ['one of two that differ', { base: { 'a.ts': A, 'a.js': A }, files: { 'a.ts': B } }, /one name/],
  [
    'a package beside a module',
    { base: { 'till/rate.py': 'A = 1\n' }, files: { 'till/rate/__init__.py': 'A = 2\n' } },
    /one name/,
  ],
  [
    'compiled Python beside a module',
    { base: { 'till/rate.py': 'A = 1\n' }, files: { 'till/rate.cpython-312-x86_64-linux-gnu.so': '' } },
    /one name/,
  ],
  [
    'two names that differ in case',
    { base: { 'src/a.go': 'package a\n' }, files: { 'src/A.go': 'package a\n' } },
    /one name/,
  ],
  [
    'a bundle of package.json',
    {
      base: { 'package.json': MANIFEST({ main: 'dist/a.min.js' }), 'dist/a.min.js': 'a' },
      files: { 'dist/a.min.js': 'b' },
    },
    /a build writes and package.json/,
  ],
  [
    'a bundle of a page',
    { base: { 'public/index.html': '<script src="a.min.js"></script>' }, files: { 'public/a.min.js': 'b' } },
    /public\/index.html/,
  ],
  [
    'a bundle of an image',
    { base: { Dockerfile: 'FROM node\nCOPY dist /app\n' }, files: { 'dist/a.js': 'b' } },
    /Dockerfile/,
  ],
  [
    'a source that an image leaves out',
    {
      base: { '.dockerignore': 'test\n', 'src/b.js': USES },
      files: { '.dockerignore': 'test\nsrc/a*\n', 'src/a.js': A },
    },
    /leaves src\/a.js out .*src\/b.js imports/,
  ],
  [
    'a source that an archive leaves out',
    { base: { 'src/b.js': USES }, files: { '.gitattributes': 'src/a* export-ignore\n', 'src/a.js': A } },
    /is left out of archives/,
  ],
  [
    'a folder that no list of Python packs',
    {
      base: { 'pyproject.toml': PYPROJECT, 'till/__init__.py': '' },
      files: { 'till/rules/__init__.py': 'TENTHS = 9\n', 'till/b.py': PY_USE },
    },
    /left out of what is delivered by pyproject.toml, which till\/b.py imports/,
  ],
  [
    'a file that package.json does not pack',
    {
      base: { 'package.json': MANIFEST({ main: 'lib/b.js', files: ['lib/b.js'] }) },
      files: { 'lib/a.js': A, 'lib/b.js': USES },
    },
    /by package.json/,
  ],
  [
    'a file that an image does not copy',
    {
      base: { Dockerfile: 'FROM node\nCOPY src/b.js src/\n', 'src/b.js': '' },
      files: { 'src/a.js': A, 'src/b.js': USES },
    },
    /by Dockerfile/,
  ],
  [
    'another text in archives',
    { files: { '.gitattributes': 'till/a.py export-subst\n', 'till/a.py': '' } },
    /another text in archives/,
  ],
  [
    'a source that differences do not show',
    { files: { '.gitattributes': '*.js -diff\n', 'src/a.js': A } },
    /hidden in differences/,
  ],
  [
    'a mark that git fills in',
    { base: { '.gitattributes': 'a.py export-subst\n' }, files: { 'a.py': 'V = "$Format:%h$"\n' } },
    /git fills this mark in/,
  ],
  ['a guide for agents', { base: { 'AGENTS.md': 'a\n' }, files: { 'AGENTS.md': 'b\n' } }, /tells agents/],
  [
    'a tag of Go',
    { files: { 'a.go': '//go:build !live\n\npackage till\n' } },
    /tag "live" leaves it out|without the tag|tag "live"/,
  ],
  [
    'code that builds of tests leave out',
    { files: { 'a.go': '//go:build linux && !test\n\npackage till\n' } },
    /tag "test"/,
  ],
  ['code in C within Go', { files: { 'a.go': 'package till\n\nimport "C"\n' } }, /code in C/],
  [
    'a default feature that a build turns off',
    {
      base: {
        'Cargo.toml': '[features]\ndefault = ["std"]\nstd = []\n',
        Makefile: 'release:\n\tcargo build --no-default-features\n',
      },
      files: { 'src/a.rs': 'if cfg!(feature = "std") && a {}\n' },
    },
    /feature "std", which a build/,
  ],
  [
    'a feature that is off by default',
    {
      base: { 'Cargo.toml': '[features]\nlive = []\n' },
      files: { 'src/a.rs': '#[cfg(not(feature = "live"))]\nfn a() {}\n' },
    },
    /off by default/,
  ],
  [
    'code of release builds',
    { files: { 'src/a.rs': '#[cfg(not(debug_assertions))]\nfn a() {}\n' } },
    /built for release/,
  ],
  [
    'code in a file without the name of code',
    { files: { 'src/a.rs': 'include!("rules.in");\n', 'src/rules.in': '' } },
    /rules.in/,
  ],
  ['the same in C', { files: { 'src/a.c': '#include "rules.txt"\n', 'src/rules.txt': '' } }, /rules.txt/],
  [
    'a flag of C that a build sets',
    { base: { Makefile: 'release:\n\tcc -DLIVE a.c\n' }, files: { 'a.c': '#ifdef LIVE\n' } },
    /-DLIVE/,
  ],
])('%s is found', (_name, told, what) => expect(said(told).join('\n')).toMatch(what));

test.each<[string, Said]>([
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
      files: { 'src/a.ts': A, 'src/b.ts': USES },
    },
  ],
  [
    'a package that lists its folder',
    {
      base: { 'package.json': MANIFEST({ main: 'lib/b.js', files: ['lib', 'README.md'] }) },
      files: { 'lib/a.js': A, 'lib/b.js': USES },
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
    { files: { '.dockerignore': 'web\n', 'web/src/a.js': A, 'web/src/b.js': USES, 'server/c.js': A } },
  ],
  [
    'an image that takes only what it names',
    { base: { '.dockerignore': '*\n!src\n!package.json\n' }, files: { 'src/a.js': A, 'src/b.js': USES } },
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
      files: { 'till/rules/__init__.py': '', 'till/b.py': PY_USE },
    },
  ],
  [
    'poetry with a folder',
    {
      base: { 'pyproject.toml': '[tool.poetry]\npackages = [{ include = "till", from = "src" }]\n' },
      files: { 'src/till/rules/__init__.py': '', 'src/till/b.py': PY_USE },
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
])('%s is no finding', (_name, told) => expect(said(told)).toEqual([]));

test('a bundle that was there is a note where the request says how it is built', () => {
  const base = { 'package.json': MANIFEST({ main: 'dist/a.js' }), 'dist/a.js': 'a' };
  const { found, notes } = deliveredOf(treeOf({ base, files: { 'dist/a.js': 'b' }, isBuilt: true }));
  expect(found).toEqual([]);
  expect(notes.join('\n')).toContain('dist/a.js');
});
