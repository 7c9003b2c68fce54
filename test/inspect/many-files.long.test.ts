/** Checks for trees of many layouts that the readers of whole trees need time in proportion to the number of files. */
import { findDelivered } from '../../src/inspect/delivered/delivered';
import { findJudges } from '../../src/inspect/judges/find-judges';
import { wiringOf } from '../../src/inspect/wiring/wiring';
import { MOST_GROWTH, TIMES_LARGER, growthOf } from './growth';
import { treeOf } from './delivered/example-tree';

const FEW = 500;
/** Below this time the measure says nothing. */
const LEAST_MS = 30;

/** One file of a layout, by its number. */
const LAYOUTS: Array<[layout: string, fileAt: (at: number) => [path: string, text: string]]> = [
  ['modules of one crate', (at) => [`src/m${at}.rs`, '']],
  ['files of one Go package', (at) => [`m${at}.go`, 'package m\n']],
  ['tests of one Go package', (at) => [`m${at}_test.go`, 'package m\nfunc TestA(t *testing.T) {}\n']],
  ['classes of one Java folder', (at) => [`src/main/java/a/M${at}.java`, `package a;\nclass M${at} {}\n`]],
  ['Java tests', (at) => [`src/test/java/a/M${at}Test.java`, 'package a;\nclass M {\n  @Test void a() {}\n}\n']],
  ['modules with one name', (at) => [`part${at}/index.js`, `exports.f${at} = g${at};\n`]],
  ['packages of a workspace', (at) => [`packages/p${at}/src/index.ts`, 'export const a = 1;\n']],
  ['manifests', (at) => [`packages/p${at}/package.json`, `{"name":"p${at}","scripts":{"start":"node index.js"}}`]],
  ['Python packages', (at) => [`p${at}/__init__.py`, 'import os\n']],
  ['Python tests', (at) => [`tests/test_m${at}.py`, 'def test_a():\n    assert True\n']],
  ['settings of pytest', (at) => [`p${at}/conftest.py`, 'import pytest\n']],
  ['tests of Jest', (at) => [`test/m${at}.test.js`, `import { a } from '../src/a.js';\ntest('a', () => {});\n`]],
  ['C sources', (at) => [`src/m${at}.c`, '#include "m.h"\nint a(void) { return 1; }\n']],
  ['modules that import the next one', (at) => [`src/m${at}.js`, `import './m${at + 1}.js';\nexport const a = 1;\n`]],
  ['Python projects', (at) => [`p${at}/pyproject.toml`, `[project]\nname = "p${at}"\n`]],
  ['deep folders', (at) => [`${'a/'.repeat(at % 60)}m${at}.js`, 'exports.a = 1;\n']],
  ['data', (at) => [`data/f${at}.json`, '{"a":1}']],
  ['pages', (at) => [`pages/p${at}.html`, '<script src="../src/a.js"></script>']],
  ['built files', (at) => [`dist/m${at}.js`, `exports.f${at} = 1;\n`]],
  ['Makefiles', (at) => [`p${at}/Makefile`, 'include ../a.mk\ntest:\n\tnode --test\n']],
  ['migrations', (at) => [`migrations/${at}_a.sql`, `CREATE TABLE t${at} (id int);\n`]],
];
const CHANGE = { 'src/a.js': 'export const a = (b) => b + 1;\n' };

const READERS: Array<[reader: string, read: (files: Record<string, string>) => unknown]> = [
  ['wiringOf, of an old tree', (base) => wiringOf(treeOf({ base, files: CHANGE }))],
  ['wiringOf, of a change', (files) => wiringOf(treeOf({ base: {}, files }))],
  ['findDelivered, of an old tree', (base) => findDelivered(treeOf({ base, files: CHANGE }))],
  ['findDelivered, of a change', (files) => findDelivered(treeOf({ base: {}, files }))],
  ['findJudges', judgesIn],
];

async function judgesIn(files: Record<string, string>): Promise<void> {
  const texts = new Map(Object.entries({ 'package.json': '{"name":"a"}', ...files }));
  const paths = [...texts.keys()];
  const tree = { paths, texts, testFilesRun: paths, testPrograms: [], programs: [], manifestKeys: [] };
  const judges = await findJudges({ ...tree, isSetting: () => false });
  judges.why('src/a.js');
}

describe.each(READERS)('%s', (_reader, read) => {
  test.each(LAYOUTS)('%s', async (_layout, fileAt) => {
    const filesOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => fileAt(at)));
    const inputs = { small: filesOf(FEW), large: filesOf(TIMES_LARGER * FEW) };
    expect(await growthOf(inputs, LEAST_MS, read)).toBeLessThan(MOST_GROWTH);
  });
});
