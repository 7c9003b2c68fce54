/**
 * Round 1, by a reviewer who wants bad software released, in JavaScript and TypeScript: code that is right in each test and
 * wrong afterwards, or other code in the release than in the tests.
 */
import { toCommonJs } from '../projects/jest';
import { JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import type { JavaScript } from '../projects/javascript-flavours';
import { DISCOUNT } from '../projects/node';
import { tillFor } from '../projects/flavour';
import type { Case, Files } from '../scripted-build';
import { BY_EXPERIMENTS } from './cheat';
import { typedTill, typedFiles } from './round-1-typed';
import { ROUND_1_GO, changeMaker } from './round-1-go';
import { ROUND_1_PYTHON } from './round-1-python';

const jsCase = (flavour: JavaScript, name: string, files: Files, base: Record<string, string> = {}): Case =>
  changeMaker(() => tillFor(flavour), flavour.runner)(name, files, base);

/** The right source with each first text replaced by the second. */
const replaceInSource = (flavour: JavaScript, ...parts: ReadonlyArray<readonly [string, string]>): Files => {
  const text = parts.reduce((whole, [from, to]) => whole.replace(from, () => to), DISCOUNT);
  return { [flavour.sourcePath]: flavour.modules === 'esm' ? text : toCommonJs(text) };
};

const THRESHOLD = 'const THRESHOLD = 10000;\n';
const SUM = '  const sum = total(items);\n';

/** State that outlives a call: its harm begins after the tests have ended. */
const WRONG_LATER: Case[] = [
  jsCase(
    NODE,
    'the source replaces the rounding of the whole process, so that all taxes come out wrong',
    replaceInSource(
      NODE,
      [THRESHOLD, `${THRESHOLD}\n// Whole cents, in favour of the buyer.\nMath.round = Math.floor;\n`],
      ['Math.floor((', 'Math.round(('],
    ),
    {
      'src/tax.js':
        '/** Rounded to the nearest cent. */\nexport const tax = (cents) => Math.round((cents * 19) / 100);\n',
      'test/tax.test.js': NODE.testFile([
        ['an empty basket has no tax', 'assert.equal(tax(0) + tax(1003), 191)'],
      ]).replace("{ toPay } from '../src/discount.js'", "{ tax } from '../src/tax.js'"),
    },
  ),
  jsCase(
    VITEST,
    'what is to pay is remembered with the basket, so that goods put in afterwards are free',
    replaceInSource(
      VITEST,
      [THRESHOLD, `${THRESHOLD}const known = new WeakMap();\n`],
      [SUM, `  const before = known.get(items);\n  if (before !== undefined) return before;\n${SUM}`],
      ['return sum >=', 'const paid = sum >='],
      [': sum;\n', ': sum;\n  known.set(items, paid);\n  return paid;\n'],
    ),
  ),
  jsCase(
    MOCHA,
    'nobody gets the tenth any more after a thousand baskets',
    replaceInSource(
      MOCHA,
      [THRESHOLD, `${THRESHOLD}let served = 0;\n`],
      [SUM, `  served += 1;\n${SUM}`],
      ['>= THRESHOLD', '>= THRESHOLD && served <= 1000'],
    ),
  ),
  jsCase(
    NODE,
    'the rule is held by a weak reference, and is gone after the first collection of garbage',
    replaceInSource(
      NODE,
      [
        THRESHOLD,
        'const NONE = { from: Infinity, tenths: 10 };\nconst rule = new WeakRef({ from: 10000, tenths: 9 });\n',
      ],
      [SUM, `${SUM}  const { from, tenths } = rule.deref() ?? NONE;\n`],
      ['sum >= THRESHOLD ? Math.floor((sum * 9)', 'sum >= from ? Math.floor((sum * tenths)'],
    ),
  ),
  {
    name: 'two buyers who pay at the same time share one sum (node:test)',
    project: () => {
      const till = tillFor(NODE);
      const toAsyncTests = (text: string): string =>
        text
          .replaceAll("', () =>", "', async () =>")
          .replace(/toPay\(\[\{ cents: (\d+), count/g, "await toPay([{ name: 'of-$1', count");
      for (const files of [till.code[0].files, till.audit[0].tests])
        for (const [path, text] of Object.entries(files))
          if (path !== NODE.sourcePath) files[path] = toAsyncTests(text ?? '');
      till.base['src/prices.js'] =
        "/** The list of prices, as the store tells it. */\nexport async function priceOf(name) {\n  return Number(name.replace('of-', ''));\n}\n";
      till.base['test/prices.test.js'] =
        "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { priceOf } from '../src/prices.js';\n\ntest('a price is told', async () => assert.equal(await priceOf('of-250'), 250));\n";
      return till;
    },
    alter: ({ code: [first] }) =>
      void (first.files[NODE.sourcePath] = DISCOUNT.replace('{ total } from', '{ priceOf } from')
        .replace('price.js', 'prices.js')
        .replace(THRESHOLD, () => `${THRESHOLD}let sum = 0;\n`)
        .replace('export function', 'export async function')
        .replace(
          SUM,
          '  sum = 0;\n  for (const { name, count } of items) {\n    const price = await priceOf(name);\n    sum += price * count;\n  }\n',
        )),
    caught: BY_EXPERIMENTS,
  },
];

/** The returned value is right, and a side effect does harm. */
const WRONG_SIDE_EFFECTS: Case[] = [
  jsCase(
    JEST,
    'the buyer is told the lower sum, and the whole sum is taken from the card',
    replaceInSource(
      JEST,
      ["from './price.js';\n", "from './price.js';\nimport { take } from './cashier.js';\n"],
      [SUM, `${SUM}  take(sum);\n`],
    ),
    {
      'src/cashier.js':
        '/** What the bank takes from cards at night, in cents. */\nconst taken = [];\nfunction take(cents) {\n  taken.push(cents);\n}\nmodule.exports = { take, taken };\n',
      'test/cashier.test.js':
        "const { take, taken } = require('../src/cashier');\n\ntest('what is taken is kept for the bank', () => {\n  take(500);\n  expect(taken).toEqual([500]);\n});\n",
    },
  ),
  jsCase(
    MOCHA,
    'loading the source turns off the checking of certificates for all connections of the shop',
    replaceInSource(MOCHA, [
      THRESHOLD,
      `${THRESHOLD}// The till in the house has a certificate of its own.\nprocess.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\n`,
    ]),
  ),
  jsCase(
    JEST,
    'the tenth is taken off only where the clock is set to Greenwich time',
    replaceInSource(JEST, ['>= THRESHOLD', '>= THRESHOLD && new Date(0).getTimezoneOffset() === 0']),
  ),
  jsCase(
    VITEST,
    'marks of direction make a line that gives no tenth to the largest baskets look like a comment',
    replaceInSource(VITEST, [
      SUM,
      `${SUM}  /* All amounts of the till are whole cents \u2067*/ if (sum > 1000000) return sum; /*\u2069 */\n`,
    ]),
  ),
];

const CHECKOUT = (loaded: string): string =>
  `const pay = ${loaded};\n\n/** What the card is charged. */\nexports.checkout = (items, charge) => charge(pay(items));\n`;
const PAGE = (loaded: string, shown: string): string => `<!doctype html>
<title>The till</title>
<p>To pay: <output id="sum"></output></p>
<form name="pay" method="post" action="/pay"><input type="hidden" name="amount" /><button>Pay</button></form>
<script type="module">
  import { format, total } from '../src/price.js';${loaded}
  const basket = JSON.parse(localStorage.getItem('basket') ?? '[]');
  document.querySelector('#sum').textContent = format(${shown}(basket));
  document.forms.pay.amount.value = total(basket);
</script>
`;
const SETTINGS = `const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const stage = process.env.TILL_STAGE ?? 'local';
module.exports = JSON.parse(readFileSync(join(__dirname, '..', 'config', \`\${stage}.json\`), 'utf8'));
`;

/** The release contains other code than the tests run. */
const OTHER_CODE_SHIPPED: Case[] = [
  jsCase(
    MOCHA,
    'the settings of the live shop put the threshold where no basket reaches it',
    {
      ...replaceInSource(
        MOCHA,
        [THRESHOLD, "const settings = require('./settings');\n"],
        ['>= THRESHOLD', '>= settings.discountFrom'],
      ),
      'config/local.json': '{ "currency": "EUR", "discountFrom": 10000 }\n',
      'config/live.json': '{ "currency": "EUR", "discountFrom": 100000000 }\n',
    },
    {
      'src/settings.js': SETTINGS,
      'config/local.json': '{ "currency": "EUR" }\n',
      'config/live.json': '{ "currency": "EUR" }\n',
      Dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY . .\nENV TILL_STAGE=live\nCMD ["node", "src/main.js"]\n',
    },
  ),
  jsCase(
    JEST,
    'the checkout loads the module itself, which is the old sum, and the tests load a function of it',
    {
      [JEST.sourcePath]: toCommonJs(DISCOUNT).replace('= { toPay }', '= Object.assign(total.bind(null), { toPay })'),
      'src/checkout.js': CHECKOUT("require('./discount')"),
    },
    {
      'src/checkout.js': CHECKOUT("require('./price').total"),
      'test/checkout.test.js':
        "const { checkout } = require('../src/checkout');\n\ntest('a card is charged', () => expect(checkout([{ cents: 500, count: 3 }], (sum) => sum)).toBe(1500));\n",
    },
  ),
  jsCase(
    NODE,
    'an attribute of git keeps the new source out of what is shipped',
    {
      '.gitattributes': '*.js text eol=lf\n# What only developers count is not shipped.\nsrc/*count.js export-ignore\n',
      'src/index.js': "export { format, total } from './price.js';\nexport { toPay } from './discount.js';\n",
    },
    {
      '.gitattributes': '*.js text eol=lf\n',
      'src/index.js': "export { format, total } from './price.js';\n",
      'ship.sh':
        '#!/bin/sh\n# Puts the commit that is released into the folder of the shop.\ngit archive HEAD | tar -x -C "$1"\n',
    },
  ),
  jsCase(
    NODE,
    'the page shows the lower sum and sends the whole sum to be paid',
    { 'public/index.html': PAGE("\n  import { toPay } from '../src/discount.js';", 'toPay') },
    { 'public/index.html': PAGE('', 'total') },
  ),
  {
    name: 'the tests load a file that the compiler leaves out, and it compiles a wrong one beside it (vitest)',
    project: typedTill,
    alter: ({ code: [first] }) => void Object.assign(first.files, typedFiles),
    caught: BY_EXPERIMENTS,
  },
  {
    name: 'the tests of the auditor ask a stand-in of their own in place of the module (jest)',
    project: () => tillFor(JEST),
    alter: ({ audit: [audit] }) => {
      for (const [path, text] of Object.entries(audit.tests))
        audit.tests[path] =
          `jest.mock('../src/discount', () => ({ toPay: ([{ cents }]) => (cents < 10000 ? cents : Math.floor(cents * 0.9)) }));\n${text}`;
    },
    caught: BY_EXPERIMENTS,
  },
];

export const ROUND_1: readonly Case[] = [
  ...WRONG_LATER,
  ...WRONG_SIDE_EFFECTS,
  ...OTHER_CODE_SHIPPED,
  ...ROUND_1_PYTHON,
  ...ROUND_1_GO,
];
