/** Finds programs that no longer lead to a changed source, switches that are off, and functions that only tests call. */
import type { ExampleChange } from '../delivered/example-tree';
import { notesOn, findingsIn } from './wired';

const PAY = { 'bin/pay': '#!/bin/sh\nexec node "$(dirname "$0")/pay.js"\n', 'bin/pay.js': 'console.log(1);\n' };
const changeOfPay = (files: Record<string, string>, base: Record<string, string> = {}): ExampleChange => ({
  base: { ...PAY, ...base },
  files: { 'bin/pay.js': 'console.log(2);\n', ...files },
});
const AWK = { 'bin/pay': "#!/bin/sh\nexec awk '{ sum += $1 } END { print sum }'\n" };
const START = {
  'package.json': '{"name":"a","private":true,"scripts":{"start":"node src/a.js"}}',
  'src/a.js': 'console.log(1);\n',
};
const features = (
  json: string,
  {
    read = "features.discount === 'on'",
    test = "charge([], { discount: 'on' });",
    base = {} as Record<string, string>,
  } = {},
): ExampleChange => ({
  base: { 'config/features.json': '{ "greeting": "hello" }\n', ...base },
  files: {
    'config/features.json': json,
    'src/charge.js': `export function charge(items, features) {\n  return ${read} ? 0 : items.length;\n}\n`,
    'test/charge.test.js': `import { charge } from '../src/charge.js';\n${test}\n`,
  },
});

test.each<[string, ExampleChange, RegExp]>([
  ['a program that counts by itself', changeOfPay(AWK), /bin\/pay:2 led to bin\/pay.js/],
  [
    'a start script that starts another file',
    {
      base: { ...START, 'src/b.js': '1' },
      files: { 'src/a.js': 'console.log(2);\n', 'package.json': START['package.json'].replace('a.js', 'b.js') },
    },
    /package.json:1 led to src\/a.js/,
  ],
  [
    'a page that loads another script',
    {
      base: { 'web/index.html': '<script src="./pay.js"></script>\n', 'web/pay.js': '1;\n', 'web/old.js': '1;\n' },
      files: { 'web/index.html': '<script src="./old.js"></script>\n', 'web/pay.js': '2;\n' },
    },
    /web\/index.html:1 led to web\/pay.js/,
  ],
  [
    'a module that is not started any more',
    {
      base: { 'bin/pay': '#!/bin/sh\nexec python3 -m till.pay\n', 'till/pay.py': 'print(1)\n' },
      files: { 'bin/pay': '#!/bin/sh\nexec bc\n', 'till/pay.py': 'print(2)\n' },
    },
    /bin\/pay:2 led to till\/pay.py/,
  ],
  [
    'a switch that is off',
    features('{ "greeting": "hello", "discount": "off" }\n'),
    /features.json:1 turns "discount" off/,
  ],
  [
    'one that is false',
    features('{\n  "discount": false\n}\n', { read: 'features.discount', test: 'charge([], { discount: true });' }),
    /features.json:2/,
  ],
])('%s is found', async (_, change, what) => {
  expect(await findingsIn(change)).toEqual([expect.stringMatching(what)]);
});

test.each<[string, ExampleChange]>([
  [
    'a program that still leads there',
    changeOfPay({ 'bin/pay': '#!/bin/sh\nset -e\nexec node "$(dirname "$0")/pay.js"\n' }),
  ],
  ['a source that another one leads to', changeOfPay(AWK, { 'bin/all.js': "import './pay.js';\n" })],
  ['a program whose source stays as it was', { base: PAY, files: AWK }],
  ['a switch that is on', features('{ "discount": "on" }\n')],
  ['a switch that no test turns on', features('{ "discount": "off" }\n', { test: "charge([], { discount: 'off' });" })],
  [
    'a switch that was there',
    features('{ "discount": "off" }\n', { base: { 'src/old.js': 'export const f = (a) => a.discount;\n' } }),
  ],
  ['a setting that is no switch', features('{ "port": 0, "name": "on" }\n')],
])('%s is not found', async (_, change) => {
  expect(await findingsIn(change)).toEqual([]);
});

test('a new function that only tests call is a note', async () => {
  const change: ExampleChange = {
    base: START,
    files: {
      'src/pay.js': 'export function toPay(a) {\n  return a;\n}\n',
      'test/pay.test.js': "import { toPay } from '../src/pay.js';\ntoPay(1);\n",
    },
  };
  expect(await notesOn(change)).toEqual([expect.stringMatching(/src\/pay.js:1 has toPay, which tests call/)]);
  const { base, files } = change;
  expect(await notesOn({ base: {}, files })).toEqual([]);
  expect(
    await notesOn({ base: { ...base, 'src/b.js': "import { toPay } from './pay.js';\ntoPay(2);\n" }, files }),
  ).toEqual([]);
});
