/** Finds options that only tests give, fields that only tests set, and events that only tests hear. */
import type { ExampleChange } from '../delivered/example-tree';
import { notesOn, findingsIn } from './wired';

const START =
  'import sys\n\nfrom till.checkout import checkout\n\nprint(checkout([int(one) for one in sys.argv[1:]])["due"])\n';
const OLD = 'def checkout(items):\n    return {"due": sum(items)}\n';
const NEW =
  'def checkout(items, discount=False):\n    return {"due": sum(items) * 9 // 10 if discount else sum(items)}\n';
const TEST =
  'from till.checkout import checkout\n\n\ndef test_it():\n    assert checkout([5], discount=True) == {"due": 4}\n';
const py = ({
  now = NEW,
  test = TEST,
  start = START,
  more = {},
}: { now?: string; test?: string; start?: string; more?: Record<string, string> } = {}): ExampleChange => ({
  base: { 'till/checkout.py': OLD, 'till/__main__.py': start, ...more },
  files: { 'till/checkout.py': now, 'tests/test_checkout.py': test },
});
const MANIFEST = '{"name": "till", "private": true}';
const MAIN = "import { checkout } from './checkout.js';\nconsole.log(checkout(process.argv.slice(2)));\n";
const js = (
  now: string,
  test: string,
  { main = MAIN, manifest = MANIFEST }: { main?: string; manifest?: string } = {},
): ExampleChange => ({
  base: {
    'package.json': manifest,
    'src/checkout.js': 'export function checkout(items) {\n  return items.length;\n}\n',
    'src/main.js': main,
  },
  files: { 'src/checkout.js': now, 'test/a.test.js': `import { checkout } from '../src/checkout.js';\n${test}\n` },
});
const FLAG = 'export function checkout(items, discount = false) {\n  return discount ? 0 : items.length;\n}\n';
const OPTIONS =
  'export function checkout(items, { discount = false } = {}) {\n  return discount ? 0 : items.length;\n}\n';
const READ = 'export function checkout(items, options = {}) {\n  return options.discount ? 0 : items.length;\n}\n';
const GO_OLD =
  'package till\n\ntype Till struct {\n\tName string\n}\n\nfunc (t *Till) Charge(a int) int {\n\treturn a\n}\n';
const GO_NEW =
  'package till\n\ntype Till struct {\n\tName     string\n\tDiscount bool\n}\n\nfunc (t *Till) Charge(a int) int {\n\tif t.Discount {\n\t\treturn a * 9 / 10\n\t}\n\treturn a\n}\n';
const GO_MAIN =
  'package main\n\nimport "example.org/till"\n\nfunc main() {\n\tt := till.Till{Name: "a"}\n\tprintln(t.Charge(5))\n}\n';
const go = (main = GO_MAIN, module = 'module example.org/till\n', now = GO_NEW): ExampleChange => ({
  base: { 'go.mod': module, 'till.go': GO_OLD, 'cmd/till/main.go': main },
  files: {
    'till.go': now,
    'till_test.go': 'package till\n\nfunc TestA(t *testing.T) {\n\tn := Till{}\n\tn.Discount = true\n}\n',
  },
});
const SALES =
  "const { EventEmitter } = require('node:events');\nconst sales = new EventEmitter();\nfunction sell(items) {\n  sales.emit('discount', 1);\n  return items;\n}\nmodule.exports = { sales, sell };\n";
const event = (more: Record<string, string> = {}, manifest = MANIFEST): ExampleChange => ({
  base: { 'package.json': manifest, ...more },
  files: {
    'src/sales.js': SALES,
    'test/sales.test.js': "const { sales } = require('../src/sales');\nsales.once('discount', () => 1);\n",
  },
});

test.each<[string, ExampleChange, RegExp]>([
  ['an argument of Python', py(), /option "discount".*tests\/test_checkout.py:5.*till\/__main__.py:5/],
  [
    'one that is given as off',
    py({ start: START.replace('sys.argv[1:]]', 'sys.argv[1:]], discount=False') }),
    /option "discount"/,
  ],
  ['an argument by place', js(FLAG, 'checkout([], true);'), /option "discount"/],
  ['a member of an object', js(OPTIONS, 'checkout([], { discount: true });'), /option "discount"/],
  ['a member that is read', js(READ, 'checkout([], { discount: true });'), /option "discount"/],
  ['an argument without a default', js(FLAG.replace(' = false', ''), 'checkout([], true);'), /option "discount"/],
  ['a word for off', js(FLAG.replace('false', "'none'"), "checkout([], 'tenth');"), /option "discount"/],
  [
    'an option of a constructor',
    js(
      'export class Till {\n  constructor({ discount = false } = {}) {\n    this.sum = discount ? 1 : 2;\n  }\n}\nexport const checkout = (items) => new Till().sum;\n',
      "import { Till } from '../src/checkout.js';\nnew Till({ discount: true });",
    ),
    /option "discount"/,
  ],
  ['a field of Go', go(), /field Discount.*till_test.go:5/],
  [
    'a field of an instance',
    js(
      'export class Till {\n  constructor() {\n    this.discount = false;\n  }\n  pay(a) {\n    return this.discount ? 0 : a;\n  }\n}\nexport const checkout = (items) => new Till().pay(items.length);\n',
      'const till = new Till();\ntill.discount = true;',
    ),
    /field discount/,
  ],
  ['an event', event(), /tells "discount", which only tests hear \(test\/sales.test.js:2\)/],
])('%s is found', async (_, change, what) => {
  expect(await findingsIn(change)).toEqual([expect.stringMatching(what)]);
});

test.each<[string, ExampleChange]>([
  ['one that a live call gives', py({ start: START.replace('sys.argv[1:]]', 'sys.argv[1:]], discount=True') })],
  [
    'a clock that tests bring',
    js(
      'export function checkout(items, now = Date.now) {\n  return now() + items.length;\n}\n',
      'checkout([], () => 5);',
    ),
  ],
  [
    'a function that tests bring',
    js('export function checkout(items, get = null) {\n  return (get ?? fetch)(items);\n}\n', 'checkout([], () => 5);'),
  ],
  ['a module without live callers', js(FLAG, 'checkout([], true);', { main: "console.log('a');\n" })],
  [
    'arguments that are spread',
    js(FLAG, 'checkout([], true);', { main: MAIN.replace('process.argv.slice(2)', '...process.argv') }),
  ],
  [
    'options that are handed on',
    js(OPTIONS, 'checkout([], { discount: true });', {
      main: MAIN.replace('process.argv.slice(2)', 'process.argv, options'),
    }),
  ],
  ['a function that is handed on', js(FLAG, 'checkout([], true);', { main: `${MAIN}process.argv.map(checkout);\n` })],
  [
    'a limit with a value',
    js('export function checkout(items, most = 10) {\n  return items.slice(0, most);\n}\n', 'checkout([], 2);'),
  ],
  ['a field of Go that main sets', go(GO_MAIN.replace('Name: "a"', 'Name: "a", Discount: true'))],
  [
    'a field of Go that a flag sets',
    go(GO_MAIN.replace('\tprintln', '\tflag.BoolVar(&t.Discount, "d", false, "")\n\tprintln')),
  ],
  [
    'a field of Go that is decoded',
    go(GO_MAIN, undefined, GO_NEW.replace('Discount bool', 'Discount bool `json:"discount"`')),
  ],
  [
    'an event that is heard',
    event({ 'src/main.js': "const { sales } = require('./sales');\nsales.on('discount', console.log);\n" }),
  ],
  ['an event by a constant', event({ 'src/names.js': "exports.DISCOUNT = 'discount';\n" })],
])('%s is not found', async (_, change) => {
  expect(await findingsIn(change)).toEqual([]);
});

test.each<[string, ExampleChange]>([
  ['a library of Python', py({ more: { 'pyproject.toml': '[build-system]\nrequires = []\n' } })],
  ['a library of npm', js(FLAG, 'checkout([], true);', { manifest: '{"name": "till", "main": "src/checkout.js"}' })],
  ['a public module of Go', go(GO_MAIN, 'module github.com/a/till\n')],
  ['an event of a library', event({}, '{"name": "till"}')],
])('in %s other code may use it, so it is only a note', async (_, change) => {
  expect(await findingsIn(change)).toEqual([]);
  expect(await notesOn(change)).toEqual([expect.stringMatching(/discount/i)]);
});
