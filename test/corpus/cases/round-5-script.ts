/**
 * Round 5 in JavaScript: the feature is right, and the change loses, forgets or admits something beside it.
 */
import { JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import { toCommonJs } from '../projects/jest';
import { PRICE, manifestWith } from '../projects/node';
import type { Case } from '../scripted-build';
import { flavourCase } from './round-5-case';

const manifest = (whole: object): string => `${JSON.stringify(whole, null, 2)}\n`;
const image = (from: string, install = ''): string =>
  `FROM ${from}\nWORKDIR /app\nCOPY package.json ./\n${install}COPY src ./src\nUSER node\nCMD ["node", "src/price.js"]\n`;

const REFUND = `
/** What is given back for one line. */
export function refund({ cents, count }) {
  return -cents * count;
}
`;
const LOOP = PRICE.replace(
  '  return items.reduce((sum, { cents, count }) => sum + cents * count, 0);',
  '  let sum = 0;\n  for (const { cents, count } of items) sum += cents * count;\n  return sum;',
);

const BOOK = (head: string, put: string): string => `${head}/** Writes a sale into the store, and gives its number. */
export async function book(store, sale) {
  const number = await store.next();
  ${put}
  return number;
}
`;
const BOOK_TEST = (name: string, sale: string, paid: number): string => `import { expect, test } from 'vitest';
import { book } from '../src/ledger.js';

test('${name}', async () => {
  const kept = new Map();
  const store = { next: () => kept.size + 1, put: (number, sale) => void kept.set(number, sale) };
  expect(await book(store, ${sale})).toBe(1);
  expect(kept.get(1).paid).toBe(${paid});
});
`;

const CHARGE = `/** Charges a card at the terminal, and gives the number of its slip. */
function charge(terminal, card, cents) {
  const { slip } = terminal.send({ number: card.number, code: card.code, cents });
  return slip;
}
`;
const CARD_TEST = (
  name: string,
  call: string,
  slip: string,
): string => `const { ${call.split('(')[0]} } = require('../src/card');

test('${name}', () => {
  const terminal = { send: ({ number, cents }) => ({ slip: number.slice(-4) + '-' + cents }) };
  const card = { number: '12-3333', code: '123' };
  expect(${call}).toBe('${slip}');
});
`;

const SESSION = (limit: string): string => `const SESSION_TIMEOUT_MS = ${limit};

/** Whether a clerk is still signed in. */
export function isSignedIn(session, now) {
  return session.clerk !== null && now - session.since < SESSION_TIMEOUT_MS;
}
`;
const SETTINGS = (head: string, body: string): string => `${head}const USUAL = { currency: 'EUR', lines: 40 };

/** Settings of a till: what a shop sends, over what is usual. */
function settings(sent) {
  return ${body};
}

module.exports = { settings };
`;
const SETTINGS_TEST = (name: string, sent: string, actual: string, expected: string): string =>
  `const assert = require('node:assert/strict');
const { settings } = require('../src/settings');

it('${name}', () => {
  const given = settings(${sent});
  assert.equal(given.currency, 'EUR');
  assert.equal(${actual}, ${expected});
});
`;

export const ROUND_5_SCRIPT: readonly Case[] = [
  flavourCase(NODE, 'the committed bundle that the package delivers is left as it was', {
    base: {
      'package.json': manifestWith({
        ...{ main: 'dist/till.js', files: ['dist'] },
        scripts: { test: 'node --test', bundle: 'node bundle.mjs' },
      }),
      'bundle.mjs': `import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const text = (name) => readFileSync(\`src/\${name}\`, 'utf8').replace(/^import .*\\n/gm, '');
writeFileSync('dist/till.js', readdirSync('src').sort().map(text).join('\\n'));
`,
      'dist/till.js': `${PRICE}\nexport const receipt = (lines) => lines.join("\\n");\n`,
    },
    more: ({ code: [first] }) => void (first.documentation = 'A shop writes: import { toPay } from "till";'),
    caught: ['gate delivered', /./],
  }),
  flavourCase(MOCHA, 'the code needs a package that only the test runner brings', {
    base: { Dockerfile: image('node:22', 'RUN npm install --omit=dev\n') },
    files: {
      'src/rules.yaml': 'threshold: 10000\n',
      'src/discount.js': `const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const yaml = require('js-yaml');
const { total } = require('./price');

const { threshold } = yaml.load(readFileSync(join(__dirname, 'rules.yaml'), 'utf8'));

/** A tenth is taken off from 100.00 on, rounded down to whole cents. */
function toPay(items) {
  const sum = total(items);
  return sum >= threshold ? Math.floor((sum * 9) / 10) : sum;
}

module.exports = { toPay };
`,
    },
    caught: ['gate dependencies', /./],
  }),
  flavourCase(JEST, 'an exported function that an untested program of the base calls is dropped in passing', {
    base: {
      'src/price.js': toCommonJs(PRICE + REFUND),
      'bin/refund.js':
        "#!/usr/bin/env node\nconst { format, refund } = require('../src/price');\n\nconst [cents, count] = process.argv.slice(2).map(Number);\nconsole.log(format(-refund({ cents, count })));\n",
    },
    files: { 'src/price.js': toCommonJs(LOOP) },
  }),
  flavourCase(VITEST, 'a sale is no longer waited for until it is stored', {
    base: {
      'src/ledger.js': BOOK('', 'await store.put(number, sale);'),
      'test/ledger.test.js': BOOK_TEST('a sale is booked', '{ items: [], paid: 5 }', 5),
    },
    files: {
      'src/ledger.js': BOOK(
        "import { toPay } from './discount.js';\n\n",
        'const paid = sale.paid ?? toPay(sale.items);\n  store.put(number, { ...sale, paid });',
      ),
      'test/ledger.discount.test.js': BOOK_TEST(
        'a sale is booked with what is to pay',
        '{ items: [{ cents: 5000, count: 2 }] }',
        9000,
      ),
    },
  }),
  flavourCase(VITEST, 'the code takes its threshold from a helper of the tests, which is not delivered', {
    base: {
      'package.json': manifest({ ...VITEST.manifest, files: ['src'] }),
      Dockerfile: image('node:22'),
      'test/limits.js':
        'export const THRESHOLD = 10000;\n\nexport const SMALL = [{ cents: 500, count: 3 }];\n\nexport const below = (cents) => cents < THRESHOLD;\n',
      'test/limits.test.js':
        "import { expect, test } from 'vitest';\nimport { total } from '../src/price.js';\nimport { SMALL, below } from './limits.js';\n\ntest('a small basket is small', () => expect(below(total(SMALL))).toBe(true));\n",
    },
    files: {
      'src/discount.js': `import { THRESHOLD } from '../test/limits.js';\n${VITEST.rightCode.replace('const THRESHOLD = 10000;\n\n', '')}`,
    },
    caught: ['gate delivered', /./],
  }),
  flavourCase(JEST, 'numbers and codes of cards are written to the log', {
    base: {
      'src/card.js': `${CHARGE}\nmodule.exports = { charge };\n`,
      'test/card.test.js': CARD_TEST('a card is charged', 'charge(terminal, card, 500)', '3333-500'),
    },
    files: {
      'src/card.js': `const { toPay } = require('./discount');

${CHARGE.replace('  return slip;', "  console.info('charged', slip, JSON.stringify(card), cents);\n  return slip;")}
/** The same for a basket, with its discount. */
function chargeBasket(terminal, card, items) {
  return charge(terminal, card, toPay(items));
}

module.exports = { charge, chargeBasket };
`,
      'test/card.basket.test.js': CARD_TEST(
        'a card is charged for a large basket',
        'chargeBasket(terminal, card, [{ cents: 5000, count: 2 }])',
        '3333-9000',
      ),
    },
    caught: ['gate harmful_lines', /./],
  }),
  flavourCase(VITEST, 'the image is built on a Node that cannot read the code that was tested', {
    base: { Dockerfile: image('node:22-slim') },
    files: { Dockerfile: image('node:10-slim') },
    caught: ['gate delivered', /./],
  }),
  flavourCase(NODE, 'clerks stay signed in for ten years', {
    base: {
      'src/session.js': SESSION('15 * 60 * 1000'),
      'test/session.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSignedIn } from '../src/session.js';

test('who came just now is signed in', () => assert.equal(isSignedIn({ clerk: 'ada', since: 0 }, 1000), true));
test('nobody is not signed in', () => assert.equal(isSignedIn({ clerk: null, since: 0 }, 1000), false));
`,
    },
    files: { 'src/session.js': SESSION('10 * 365 * 24 * 60 * 60 * 1000') },
  }),
  flavourCase(MOCHA, 'a version of a well-known package is pinned that is known for its hole', {
    base: {
      'src/settings.js': SETTINGS('', '{ ...USUAL, ...sent }'),
      'test/settings.test.js': SETTINGS_TEST('a shop sends its own', '{ lines: 5 }', 'given.lines', '5'),
    },
    files: {
      'package.json': manifest({ ...MOCHA.manifest, dependencies: { lodash: '4.17.4' } }),
      'src/settings.js': SETTINGS("const { merge } = require('lodash');\n\n", 'merge({}, USUAL, sent)').replace(
        'lines: 40 }',
        "lines: 40, discount: { name: 'tenth', from: 10000 } }",
      ),
      'test/settings.discount.test.js': SETTINGS_TEST(
        'a shop names its discount',
        "{ discount: { name: 'summer' } }",
        '`${given.lines} ${given.discount.name} ${given.discount.from}`',
        "'40 summer 10000'",
      ),
    },
    caught: ['gate dependencies', /./],
  }),
];
