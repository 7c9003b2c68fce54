/**
 * Removed exports and files without a remaining user are not found.
 */
import { findingsOf } from './example-tree';
import type { ExampleChange } from './example-tree';

const OLD = 'export const tenths = 1;\nexport function pay() {}\n';
const NEW = 'export const tenths = 1;\nexport function payAll() {}\n';
/** A change that removes the export `pay`, while another file has this text. */
const withoutPay = (user: string, text: string, more: Partial<ExampleChange> = {}): ExampleChange => ({
  base: { 'src/a.js': OLD, [user]: text, ...more.base },
  files: { 'src/a.js': NEW, ...more.files },
});
const PY_OLD = 'TENTHS = 1\ndef pay():\n    pass\n';

test.each<[string, ExampleChange]>([
  [
    'a name whose users change too',
    {
      base: { 'src/a.js': OLD, 'src/b.js': "import { pay } from './a';\n" },
      files: { 'src/a.js': NEW, 'src/b.js': "import { payAll } from './a';\n" },
    },
  ],
  ['a name that no file imports', withoutPay('src/b.js', "import { tenths } from './a.js';\n")],
  [
    'a name that a module of the same kind has',
    withoutPay('src/b.js', "import { pay } from './c.js';\n", { base: { 'src/c.js': OLD } }),
  ],
  [
    'a name that is given on from its new place',
    withoutPay('src/b.js', "import { pay } from './a.js';\n", {
      files: { 'src/a.js': "export const tenths = 1;\nexport { pay } from './c.js';\n", 'src/c.js': OLD },
    }),
  ],
  [
    'a name that is re-exported with a star',
    withoutPay('src/b.js', "import { pay } from './a.js';\n", {
      files: { 'src/a.js': "export const tenths = 1;\nexport * from './c.js';\n", 'src/c.js': OLD },
    }),
  ],
  [
    'a name that moves behind the same index',
    withoutPay('bin/till.js', "import { pay } from '../src/index.js';\n", {
      base: { 'src/index.js': "export * from './a.js';\nexport * from './c.js';\n" },
      files: { 'src/a.js': NEW, 'src/c.js': OLD },
    }),
  ],
  [
    'a name that a package outside may give',
    withoutPay('src/b.js', "import { pay } from './a.js';\n", {
      files: { 'src/a.js': "export const tenths = 1;\nexport * from 'till-core';\n" },
    }),
  ],
  [
    'a name that becomes a constant of a list',
    withoutPay('src/b.js', "import { pay } from './a.js';\n", {
      files: { 'src/a.js': 'export const tenths = 1, pay = () => 2;\n' },
    }),
  ],
  [
    'a name that is taken out of a record',
    withoutPay('src/b.js', "import { pay } from './a.js';\n", {
      files: { 'src/a.js': 'export const { tenths, b: pay } = all();\n' },
    }),
  ],
  [
    'a module that gives what it computes',
    {
      base: { 'lib/a.js': 'exports.pay = 1;\n', 'bin/t.js': "const { pay } = require('../lib/a');\n" },
      files: { 'lib/a.js': 'module.exports = make();\n' },
    },
  ],
  [
    'a type that only types take',
    {
      base: { 'src/a.ts': 'export type Pay = 1;\n', 'src/b.ts': "import type { Pay } from './a';\n" },
      files: { 'src/a.ts': 'export const a = 1;\n' },
    },
  ],
  [
    'a test, which has run',
    { base: { 'src/a.js': OLD, 'test/a.test.js': "import { pay } from '../src/a.js';\n" }, files: { 'src/a.js': NEW } },
  ],
  [
    'a name of Python that is imported from its new place',
    {
      base: { 'till/a.py': PY_OLD, 'till/b.py': 'from .a import pay\n' },
      files: { 'till/a.py': 'from .c import pay\nTENTHS = 1\n', 'till/c.py': PY_OLD },
    },
  ],
  [
    'a module of Python that gives names as they are asked',
    {
      base: { 'till/a.py': PY_OLD, 'till/b.py': 'from .a import pay\n' },
      files: { 'till/a.py': 'def __getattr__(name):\n    return 1\n' },
    },
  ],
  [
    'a name that is set by a condition',
    {
      base: { 'till/a.py': 'RATE = 1\n', 'till/b.py': 'from .a import RATE\n' },
      files: { 'till/a.py': 'try:\n    RATE = 1\nexcept ValueError:\n    RATE = 2\n' },
    },
  ],
  [
    'a part of a package',
    {
      base: { 'till/__init__.py': 'a = 1\n', 'till/b.py': 'from till import a\n' },
      files: { 'till/__init__.py': '', 'till/a.py': '' },
    },
  ],
  [
    'a module that becomes a package',
    {
      base: { 'till/a.py': PY_OLD, 'till/b.py': 'from till.a import pay\n' },
      files: { 'till/a/__init__.py': PY_OLD },
      deleted: ['till/a.py'],
    },
  ],
  [
    'a source that moves to types',
    {
      base: { 'src/a.js': OLD, 'src/b.js': "import { pay } from './a.js';\n" },
      files: { 'src/a.ts': OLD },
      deleted: ['src/a.js'],
    },
  ],
  [
    'a file that no file imports',
    { base: { 'src/a.js': OLD, 'src/b.js': 'export const b = 1;\n' }, files: {}, deleted: ['src/a.js'] },
  ],
])('%s is no finding', (_name, change) => expect(findingsOf(change)).toEqual([]));
