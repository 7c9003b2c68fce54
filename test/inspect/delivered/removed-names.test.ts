/**
 * Removed exports and files that an untouched file still uses are found.
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
const PY_NEW = 'TENTHS = 1\ndef pay_all():\n    pass\n';

test.each<[string, ExampleChange, RegExp]>([
  [
    'a name that a program takes',
    withoutPay('bin/till.js', "import { pay } from '../src/a.js';\n"),
    /src\/a.js no longer exports "pay", which bin\/till.js:1/,
  ],
  [
    'a name that a program without a file ending imports',
    withoutPay('bin/till', "#!/usr/bin/env node\nimport { tenths, pay as p } from '../src/a.js';\n"),
    /bin\/till:2/,
  ],
  [
    'a member of a module as a whole',
    withoutPay('scripts/a.js', "import * as a from '../src/a.js';\na.pay();\n"),
    /scripts\/a.js:1/,
  ],
  ['a name that is re-exported', withoutPay('src/index.js', "export { pay } from './a';\n"), /src\/index.js:1/],
  [
    'a name behind another module',
    withoutPay('bin/till.js', "import { pay } from '../src/index.js';\n", {
      base: { 'src/index.js': "export * from './a.js';\n" },
    }),
    /src\/a.js no longer exports "pay"/,
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
    'a default export',
    {
      base: { 'src/a.ts': 'export default function pay() {}\n', 'src/b.ts': "import pay from './a';\n" },
      files: { 'src/a.ts': 'export function pay() {}\n' },
    },
    /"default"/,
  ],
  [
    'a script within a page',
    withoutPay('public/index.html', '<html>\n<script type="module">\nimport { pay } from "../src/a.js";\n</script>'),
    /index.html:3/,
  ],
  [
    'a name of Python',
    {
      base: { 'till/a.py': PY_OLD, 'till/cli.py': 'from till.a import (\n    TENTHS,\n    pay,\n)\n' },
      files: { 'till/a.py': PY_NEW },
    },
    /till\/a.py no longer exports "pay", which till\/cli.py:1/,
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
    /src\/a.js is deleted, and bin\/till.js:1/,
  ],
  [
    'a file that is moved',
    {
      base: { 'till/a.py': PY_OLD, 'till/b.py': 'from till.a import pay\n' },
      files: { 'till/c.py': PY_OLD },
      deleted: ['till/a.py'],
    },
    /till\/a.py is deleted/,
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
])('%s is found', (_name, change, reason) => expect(findingsOf(change).join('\n')).toMatch(reason));
