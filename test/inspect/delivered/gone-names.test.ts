/** Names and files that a change takes away, and what still asks for them. */
import { said } from './told-tree';
import type { Said } from './told-tree';

const OLD = 'export const tenths = 1;\nexport function pay() {}\n';
const NEW = 'export const tenths = 1;\nexport function payAll() {}\n';
const gone = (user: string, text: string, more: Partial<Said> = {}): Said => ({
  base: { 'src/a.js': OLD, [user]: text, ...more.base },
  files: { 'src/a.js': NEW, ...more.files },
});
const PY_OLD = 'TENTHS = 1\ndef pay():\n    pass\n';
const PY_NEW = 'TENTHS = 1\ndef pay_all():\n    pass\n';

test.each<[string, Said, RegExp]>([
  [
    'a name that a program takes',
    gone('bin/till.js', "import { pay } from '../src/a.js';\n"),
    /src\/a.js does not give "pay" any more, which bin\/till.js:1/,
  ],
  [
    'the same in a program without an ending',
    gone('bin/till', "#!/usr/bin/env node\nimport { tenths, pay as p } from '../src/a.js';\n"),
    /bin\/till:2/,
  ],
  [
    'a member of a module as a whole',
    gone('scripts/a.js', "import * as a from '../src/a.js';\na.pay();\n"),
    /scripts\/a.js:1/,
  ],
  ['a name that is given on', gone('src/index.js', "export { pay } from './a';\n"), /src\/index.js:1/],
  [
    'a name behind another module',
    gone('bin/till.js', "import { pay } from '../src/index.js';\n", {
      base: { 'src/index.js': "export * from './a.js';\n" },
    }),
    /src\/a.js does not give "pay"/,
  ],
  [
    'a name of a package of the workspace',
    {
      base: {
        'packages/a/package.json': '{"name": "@till/a", "main": "src/index.js"}',
        'packages/a/src/index.js': OLD,
        'packages/b/src/b.js': "const { pay } = require('@till/a');\n",
      },
      files: { 'packages/a/src/index.js': NEW },
    },
    /packages\/b/,
  ],
  [
    'a member of module.exports',
    {
      base: {
        'lib/a.js': 'function pay() {}\nmodule.exports = { pay, tenths: 1 };\n',
        'bin/till.js': "const a = require('../lib/a');\na.pay(1);\n",
      },
      files: { 'lib/a.js': 'module.exports = { tenths: 1 };\n' },
    },
    /"pay"/,
  ],
  [
    'a member of exports',
    {
      base: { 'lib/a.js': 'exports.pay = () => 1;\n', 'bin/till.js': "const { pay: p } = require('../lib/a');\n" },
      files: { 'lib/a.js': 'exports.payAll = () => 1;\n' },
    },
    /"pay"/,
  ],
  [
    'what a module gave by default',
    {
      base: { 'src/a.ts': 'export default function pay() {}\n', 'src/b.ts': "import pay from './a';\n" },
      files: { 'src/a.ts': 'export function pay() {}\n' },
    },
    /"default"/,
  ],
  [
    'a script within a page',
    gone('public/index.html', '<html>\n<script type="module">\nimport { pay } from "../src/a.js";\n</script>'),
    /index.html:3/,
  ],
  [
    'a name of Python',
    {
      base: { 'till/a.py': PY_OLD, 'till/cli.py': 'from till.a import (\n    TENTHS,\n    pay,\n)\n' },
      files: { 'till/a.py': PY_NEW },
    },
    /till\/a.py does not give "pay" any more, which till\/cli.py:1/,
  ],
  [
    'a member of a module of Python',
    {
      base: { 'till/__init__.py': '', 'till/a.py': PY_OLD, 'scripts/b.py': 'from till import a\na.pay()\n' },
      files: { 'till/a.py': PY_NEW },
    },
    /scripts\/b.py:1/,
  ],
  [
    'a constant of Python',
    {
      base: { 'till/a.py': 'RATE = 1\n', 'till/b.py': 'from .a import RATE\n' },
      files: { 'till/a.py': 'RATES = [1]\n' },
    },
    /RATE/,
  ],
  [
    'a file that is gone',
    {
      base: { 'src/a.js': OLD, 'bin/till.js': "import { pay } from '../src/a.js';\n" },
      files: {},
      deleted: ['src/a.js'],
    },
    /src\/a.js is gone, and bin\/till.js:1/,
  ],
  [
    'a file that is moved',
    {
      base: { 'till/a.py': PY_OLD, 'till/b.py': 'from till.a import pay\n' },
      files: { 'till/c.py': PY_OLD },
      deleted: ['till/a.py'],
    },
    /till\/a.py is gone/,
  ],
  [
    'a script of a page that is gone',
    {
      base: { 'public/a.js': OLD, 'public/index.html': '<script src="a.js"></script>' },
      files: {},
      deleted: ['public/a.js'],
    },
    /index.html:1/,
  ],
])('%s is found', (_name, told, what) => expect(said(told).join('\n')).toMatch(what));

test.each<[string, Said]>([
  [
    'a name whose users change too',
    {
      base: { 'src/a.js': OLD, 'src/b.js': "import { pay } from './a';\n" },
      files: { 'src/a.js': NEW, 'src/b.js': "import { payAll } from './a';\n" },
    },
  ],
  ['a name that nobody takes', gone('src/b.js', "import { tenths } from './a.js';\n")],
  [
    'a name that a module of the same kind has',
    gone('src/b.js', "import { pay } from './c.js';\n", { base: { 'src/c.js': OLD } }),
  ],
  [
    'a name that is given on from its new place',
    gone('src/b.js', "import { pay } from './a.js';\n", {
      files: { 'src/a.js': "export const tenths = 1;\nexport { pay } from './c.js';\n", 'src/c.js': OLD },
    }),
  ],
  [
    'the same as a whole',
    gone('src/b.js', "import { pay } from './a.js';\n", {
      files: { 'src/a.js': "export const tenths = 1;\nexport * from './c.js';\n", 'src/c.js': OLD },
    }),
  ],
  [
    'a name that moves behind the same index',
    gone('bin/till.js', "import { pay } from '../src/index.js';\n", {
      base: { 'src/index.js': "export * from './a.js';\nexport * from './c.js';\n" },
      files: { 'src/a.js': NEW, 'src/c.js': OLD },
    }),
  ],
  [
    'a name that a package outside may give',
    gone('src/b.js', "import { pay } from './a.js';\n", {
      files: { 'src/a.js': "export const tenths = 1;\nexport * from 'till-core';\n" },
    }),
  ],
  [
    'a name that becomes a constant of a list',
    gone('src/b.js', "import { pay } from './a.js';\n", {
      files: { 'src/a.js': 'export const tenths = 1, pay = () => 2;\n' },
    }),
  ],
  [
    'a name that is taken out of a record',
    gone('src/b.js', "import { pay } from './a.js';\n", {
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
    'a file that nobody asks for',
    { base: { 'src/a.js': OLD, 'src/b.js': 'export const b = 1;\n' }, files: {}, deleted: ['src/a.js'] },
  ],
])('%s is no finding', (_name, told) => expect(said(told)).toEqual([]));
