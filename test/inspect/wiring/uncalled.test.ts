/**
 * New functions that only tests call: a note, or a finding if the change does not alter the caller that the plan names.
 */
import type { ExampleChange } from '../delivered/example-tree';
import { notesOn, findingsIn } from './wired';

const DISCOUNT = 'export const toPay = (sum) => (sum >= 100 ? sum * 0.9 : sum);\n';
const CHECKOUT = "import { total } from './price.js';\n\nexport const ask = (items) => total(items);\n";
const changeWith = (more: Partial<ExampleChange> = {}): ExampleChange => ({
  base: { 'src/checkout.js': CHECKOUT, 'src/price.js': 'export const total = (items) => items.length;\n' },
  files: {
    'src/discount.js': DISCOUNT,
    'test/discount.test.js': "import { toPay } from '../src/discount.js';\n\ntest('a tenth', () => toPay(100));\n",
  },
  asked: { paths: ['src/discount.js', 'src/checkout.js'], text: 'A tenth off at the checkout.' },
  ...more,
});

test('the plan names a caller that the change leaves as it was, and nothing live calls the new function', async () => {
  expect(await findingsIn(changeWith())).toEqual([
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
        ...changeWith().files,
        'src/checkout.js':
          "import { toPay } from './discount.js';\n\nexport const ask = (items) => toPay(items.length);\n",
      },
    },
  ],
  [
    'others use it as a library',
    {
      files: {
        ...changeWith().files,
        'package.json': '{"name": "till", "exports": {"./discount": "./src/discount.js"}}',
      },
    },
  ],
  ['the plan names a test that stays', { asked: { paths: ['src/discount.js', 'test/discount.test.js'], text: '' } }],
])('nothing is found if %s', async (_, more) => {
  expect(await findingsIn(changeWith(more))).toEqual([]);
});

test('in an application, a new function that only tests call is a note', async () => {
  const { files } = changeWith();
  const main = "import { ask } from './src/checkout.js';\n\nconsole.log(ask(process.argv));\n";
  const more = { files: { ...files, 'main.js': main }, asked: { paths: ['src/discount.js'], text: '' } };
  expect(await notesOn(changeWith(more))).toEqual([expect.stringContaining('src/discount.js:1 has toPay')]);
});
