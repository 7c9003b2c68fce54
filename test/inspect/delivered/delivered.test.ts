/**
 * Changes that deliver something else than was tested are found: one example of each kind in the corpus of adversarial
 * changes.
 */
import { A, B, IMPORTS_A, MANIFEST, PYPROJECT, IMPORTS_TENTHS, findingsOf } from './example-tree';
import type { ExampleChange } from './example-tree';

test.each<[string, ExampleChange, RegExp]>([
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
      base: { '.dockerignore': 'test\n', 'src/b.js': IMPORTS_A },
      files: { '.dockerignore': 'test\nsrc/a*\n', 'src/a.js': A },
    },
    /leaves src\/a.js out .*src\/b.js imports/,
  ],
  [
    'a source that an archive leaves out',
    { base: { 'src/b.js': IMPORTS_A }, files: { '.gitattributes': 'src/a* export-ignore\n', 'src/a.js': A } },
    /is left out of archives/,
  ],
  [
    'a folder that no list of Python packs',
    {
      base: { 'pyproject.toml': PYPROJECT, 'till/__init__.py': '' },
      files: { 'till/rules/__init__.py': 'TENTHS = 9\n', 'till/b.py': IMPORTS_TENTHS },
    },
    /left out of what is delivered by pyproject.toml, which till\/b.py imports/,
  ],
  [
    'a file that package.json does not pack',
    {
      base: { 'package.json': MANIFEST({ main: 'lib/b.js', files: ['lib/b.js'] }) },
      files: { 'lib/a.js': A, 'lib/b.js': IMPORTS_A },
    },
    /by package.json/,
  ],
  [
    'a file that an image does not copy',
    {
      base: { Dockerfile: 'FROM node\nCOPY src/b.js src/\n', 'src/b.js': '' },
      files: { 'src/a.js': A, 'src/b.js': IMPORTS_A },
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
    'Rust code in a file without the ending .rs',
    { files: { 'src/a.rs': 'include!("rules.in");\n', 'src/rules.in': '' } },
    /rules.in/,
  ],
  [
    'C code in a file without an ending of C',
    { files: { 'src/a.c': '#include "rules.txt"\n', 'src/rules.txt': '' } },
    /rules.txt/,
  ],
  [
    'a flag of C that a build sets',
    { base: { Makefile: 'release:\n\tcc -DLIVE a.c\n' }, files: { 'a.c': '#ifdef LIVE\n' } },
    /-DLIVE/,
  ],
])('%s is found', (_name, change, reason) => expect(findingsOf(change).join('\n')).toMatch(reason));

test.each([
  'AGENTS.md',
  'packages/a/AGENTS.md',
  'CLAUDE.md',
  'src/CLAUDE.md',
  'CONTRIBUTING.md',
  'docs/CONTRIBUTING.md',
])('R8: %s is found when it is added, changed, deleted and renamed', (path) => {
  const base = { [path]: 'a\n' };
  expect(findingsOf({ files: { [path]: 'a\n' } })).toEqual([`${path} tells agents how to work here`]);
  expect(findingsOf({ base, files: { [path]: 'b\n' } })).toEqual([`${path} tells agents how to work here`]);
  const gone = `${path} told agents how to work here, and is gone`;
  expect(findingsOf({ base, files: {}, deleted: [path] })).toEqual([gone]);
  expect(findingsOf({ base, files: { 'docs/how.md': 'a\n' }, deleted: [path] })).toEqual([gone]);
});
