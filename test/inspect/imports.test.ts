/** Finds imports in sources, and none in comments, texts or expressions. */
import { isRemote, jsImports, packageOf } from '../../src/inspect/imports/js-imports';
import { packagesOfModule, pyImports } from '../../src/inspect/imports/py-imports';

const importsIn = (source: string) => jsImports(source).map(({ specifier, line }) => `${line} ${specifier}`);

test.each([
  [`import a from 'a'`, ['1 a']],
  [`import {\n  b,\n  c,\n} from "b/deep";`, ['4 b/deep']],
  [`import 'side-effect'`, ['1 side-effect']],
  [`export * from '@x/y'`, ['1 @x/y']],
  [`export { z } from 'z'`, ['1 z']],
  [`const a = await import('lazy')`, ['1 lazy']],
  ['const a = await import(`lazy`)', ['1 lazy']],
  [`const a = require("old"), b = require('older')`, ['1 old', '1 older']],
  [`require.resolve('found')`, ['1 found']],
  [`import type { T } from 'types-only'`, ['1 types-only']],
  [`import x = require('x')`, ['1 x']],
  [`import data from './data.json' with { type: 'json' }`, ['1 ./data.json']],
  [`import f from '\\x66s-extra'`, ['1 fs-extra']],
  [`const t = \`a\n\${b}\n\`;\nimport a from 'a'`, ['4 a']],
  [`const r = /['"]/;\nimport a from 'a'`, ['2 a']],
  [`const half = a / b; import c from 'c' // d / e`, ['1 c']],
  [`const half = 1 / 2; import c from 'c'; const d = 1 / 2;`, ['1 c']],
  [`half = n++ / 2; await import('c'); d = 1 / 2;`, ['1 c']],
  [`half = o.of / 2; await import('c'); d = 1 / 2;`, ['1 c']],
  [`half = size! / 2; require('c'); d = 1 / 2;`, ['1 c']],
  [`half = {} / 2; require('c'); d = 1 / 2;`, ['1 c']],
  [`half = '=' / 2; require('c'); d = 1 / 2;`, ['1 c']],
  [`half = x as A<B> / 2; require('c'); d = 1 / 2;`, ['1 c']],
  [`if (a) /'/.test(b); require('c');`, ['1 c']],
  [`while ((a)) /"/.test(b); require("c");`, ['1 c']],
  [`const a = <p>don't</p>; require('c');`, ['1 c']],
  [`const a = <p>don't</p>; import b from 'c'; b('d');`, ['1 c']],
  ["const a = `\n${await import('c')} ${require('d')}`;", ['2 c', '2 d']],
  ["const a = `${{ a: `}${require('c')}` }.a}`; require('d');", ['1 c', '1 d']],
  ["const a = `${b}`; const c = `}`; require('d');", ['1 d']],
])('%j imports', (source, expected) => expect(importsIn(source)).toEqual(expected));

test.each([
  `// import a from 'a'`,
  `/* import a\n from 'a' */`,
  `const text = "import a from 'a'"`,
  'const text = `import a from "a" ${require}`',
  `const list = Array.from('abc')`,
  `loader.require('a')`,
  `const r = /require('a')/`,
  `f(/import a from 'a'/, () => /require('a')/)`,
  `const text = "a from " + name + "b"`,
  'const text = `import a from "a" ${b} require("c")`',
  `import(name)`,
  `require(\`./\${name}\`)`,
])('%j imports nothing', (source) => expect(importsIn(source)).toEqual([]));

test.each([
  ['a', 'a'],
  ['a/deep/er', 'a'],
  ['@x/y/z', '@x/y'],
  ['lodash.merge', 'lodash.merge'],
  ['fs', null],
  ['node:test', null],
  ['./a', null],
  ['..', null],
  ['#own', null],
  ['@/alias', null],
  ['~/alias', null],
  ['virtual:pages', null],
])('%s is of the package %s', (specifier, name) => expect(packageOf(specifier)).toBe(name));

test('code from a url is known as such', () => {
  expect(['https://x.example/a.js', 'data:text/javascript,1', '//x/a.js'].every(isRemote)).toBe(true);
  expect(['./https', 'https-proxy'].some(isRemote)).toBe(false);
});

test('python imports are found by their top-level module', () => {
  const source = `"""doc: import nothing"""\nimport os, yaml as y\nfrom PIL.Image import open\n  # import no\nfrom . import own\nx = importlib.import_module("late.one")\n`;
  expect(pyImports(source).map(({ specifier, line }) => `${line} ${specifier}`)).toEqual([
    '2 os',
    '2 yaml',
    '3 PIL',
    '6 late',
  ]);
});

test.each([
  ['import os; import late', ['os', 'late']],
  ['try: import late\nexcept ImportError: import simple', ['late', 'simple']],
  ['x = 1; from late import y', ['late']],
  ['# """\nimport late\n# """', ['late']],
  ["a = '#'; import late", ['late']],
  ['from late \\\n  import y', ['late']],
  ['import late  # with a note: import no', ['late']],
  ['x = {1: "import no"}\ns = """\nimport no\n"""\nf(":import no")', []],
  ['# __import__("no")\nt = "import_module(\'no\')"', []],
])('the imports of %j are %j', (source, modules) => {
  expect(pyImports(source).map(({ specifier }) => specifier)).toEqual(modules);
});

test('a python module may be of a package with another name', () => {
  expect(packagesOfModule('yaml')).toEqual(['pyyaml']);
  expect(packagesOfModule('my_module')).toEqual(['my-module']);
});
