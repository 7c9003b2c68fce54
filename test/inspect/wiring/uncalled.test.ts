/**
 * New functions that only tests call: what people are told, and when the caller that the plan names is missing.
 */
import type { ExampleChange } from '../delivered/example-tree';
import { noted, wired } from './wired';

const DISCOUNT = 'export const toPay = (sum) => (sum >= 100 ? sum * 0.9 : sum);\n';
const CHECKOUT = "import { total } from './price.js';\n\nexport const ask = (items) => total(items);\n";
const told = (more: Partial<ExampleChange> = {}): ExampleChange => ({
  base: { 'src/checkout.js': CHECKOUT, 'src/price.js': 'export const total = (items) => items.length;\n' },
  files: {
    'src/discount.js': DISCOUNT,
    'test/discount.test.js': "import { toPay } from '../src/discount.js';\n\ntest('a tenth', () => toPay(100));\n",
  },
  asked: { paths: ['src/discount.js', 'src/checkout.js'], text: 'A tenth off at the checkout.' },
  ...more,
});

test('the plan names a caller that the change leaves as it was, and nothing live calls the new function', async () => {
  expect(await wired(told())).toEqual([
    expect.stringMatching(
      /^src\/discount\.js:1 has toPay, .*and src\/checkout\.js, which the plan names, is as it was/,
    ),
  ]);
});

test.each<[string, Partial<ExampleChange>]>([
  ['the plan names the new file alone', { asked: { paths: ['src/discount.js'], text: '' } }],
  [
    'the caller is altered and calls it',
    {
      files: {
        ...told().files,
        'src/checkout.js':
          "import { toPay } from './discount.js';\n\nexport const ask = (items) => toPay(items.length);\n",
      },
    },
  ],
  [
    'others use it as a library',
    { files: { ...told().files, 'package.json': '{"name": "till", "exports": {"./discount": "./src/discount.js"}}' } },
  ],
  ['the plan names a test that stays', { asked: { paths: ['src/discount.js', 'test/discount.test.js'], text: '' } }],
])('nothing is found where %s', async (_, more) => {
  expect(await wired(told(more))).toEqual([]);
});

test('in an application it is a note', async () => {
  const { files } = told();
  const main = "import { ask } from './src/checkout.js';\n\nconsole.log(ask(process.argv));\n";
  const more = { files: { ...files, 'main.js': main }, asked: { paths: ['src/discount.js'], text: '' } };
  expect(await noted(told(more))).toEqual([expect.stringContaining('src/discount.js:1 has toPay')]);
});
