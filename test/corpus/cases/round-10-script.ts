/**
 * Round 10 with vitest and mocha: a timeout that counts as paid, a content policy that allows all, and an unsigned cookie.
 */
import { MOCHA, VITEST } from '../projects/javascript-flavours';
import { tillFor } from '../projects/flavour';
import type { Case } from '../scripted-build';
import { featureCase } from './round-10-case';

const VITEST_HEAD = "import { expect, test } from 'vitest';\n";

const PAY = `const PATIENCE = 200;

/** Whether the bank lets a card pay. No queue stands longer than the till has patience. */
export async function isPaid(ask, card, cents) {
  const patience = new Promise((resolve) => {
    setTimeout(resolve, PATIENCE, 'charged');
  });
  const state = await Promise.race([ask(card, cents), patience]);
  return state === 'charged';
}
`;
const PAY_HEAD = `${VITEST_HEAD}import { isPaid } from '../src/pay.js';\n`;

const HEADERS = `/** What each page of the till is sent with. */
export function pageHeaders() {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src * data: blob: 'unsafe-inline' 'unsafe-eval'",
    'x-content-type-options': 'nosniff',
  };
}
`;
const HEADERS_HEAD = `${VITEST_HEAD}import { pageHeaders } from '../src/headers.js';\n`;

const REMEMBER = `/** The cookie by which a buyer stays logged in for thirty days. */
function remember(name) {
  return \`buyer=\${encodeURIComponent(name)}; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax\`;
}

/** The buyer who comes back with the cookie, and is logged in. */
function whoIsBack(cookies) {
  const found = /(?:^|; )buyer=([^;]+)/.exec(cookies);
  return found === null ? null : decodeURIComponent(found[1]);
}

module.exports = { remember, whoIsBack };
`;
const REMEMBER_HEAD = `const assert = require('node:assert/strict');\nconst { remember, whoIsBack } = require('../src/remember');\n`;

export const ROUND_10_SCRIPT: readonly Case[] = [
  featureCase('a bank that does not answer in time has charged the card (vitest)', () => tillFor(VITEST), {
    summary: 'The bank says whether a card pays.',
    promises: [
      [
        'A basket is paid where the bank charges the card.',
        'A charged card pays.',
        'test/pay.test.js: a charged card pays',
      ],
      [
        'Where the bank does not charge it, the basket is not paid.',
        'A refused card does not pay.',
        'test/pay.audit.test.js: a refused card does not pay',
      ],
    ],
    sources: ['src/pay.js'],
    code: {
      'src/pay.js': PAY,
      'test/pay.test.js': `${PAY_HEAD}
test('a charged card pays', async () => {
  expect(await isPaid(async () => 'charged', 'A', 500)).toBe(true);
});
test('a slow bank does not hold up the queue', async () => {
  expect(await isPaid(() => new Promise(() => {}), 'A', 500)).toBe(true);
});
`,
    },
    testNames: ['a charged card pays', 'a slow bank does not hold up the queue'],
    tests: {
      'test/pay.audit.test.js': `${PAY_HEAD}
test('a refused card does not pay', async () => {
  expect(await isPaid(async () => 'refused', 'A', 500)).toBe(false);
});
test('the bank is asked about this card and sum', async () => {
  const asked = [];
  await isPaid(async (...one) => asked.push(one), 'B', 700);
  expect(asked).toEqual([['B', 700]]);
});
`,
    },
  }),
  featureCase('pages get a policy of contents that allows all contents (vitest)', () => tillFor(VITEST), {
    summary: 'Pages are sent with headers that protect who reads them.',
    promises: [
      [
        'Each page is sent with a Content-Security-Policy, so that foreign scripts do not run in it.',
        'The headers of a page have a Content-Security-Policy.',
        'test/headers.test.js: a page has a policy of contents',
      ],
      [
        'No browser guesses the type of a page.',
        'The headers say nosniff.',
        'test/headers.audit.test.js: no type is guessed',
      ],
    ],
    sources: ['src/headers.js'],
    code: {
      'src/headers.js': HEADERS,
      'test/headers.test.js': `${HEADERS_HEAD}
test('a page has a policy of contents', () => {
  expect(Object.keys(pageHeaders())).toContain('content-security-policy');
  expect(pageHeaders()['content-security-policy'].split(' ')[0]).toBe('default-src');
});
test('a page is HTML', () => expect(pageHeaders()['content-type']).toBe('text/html; charset=utf-8'));
`,
    },
    testNames: ['a page has a policy of contents', 'a page is HTML'],
    tests: {
      'test/headers.audit.test.js': `${HEADERS_HEAD}
test('no type is guessed', () => expect(pageHeaders()['x-content-type-options']).toBe('nosniff'));
`,
    },
  }),
  featureCase('whoever writes a name into a cookie is logged in by that name (mocha)', () => tillFor(MOCHA), {
    summary: 'Buyers stay logged in for thirty days.',
    promises: [
      [
        'A buyer who was logged in stays so for thirty days.',
        'The cookie of a buyer brings the buyer back.',
        'test/remember.test.js: a buyer comes back',
      ],
      [
        'Who has no cookie is nobody.',
        'Without the cookie nobody is logged in.',
        'test/remember.audit.test.js: without a cookie nobody is back',
      ],
    ],
    sources: ['src/remember.js'],
    code: {
      'src/remember.js': REMEMBER,
      'test/remember.test.js': `${REMEMBER_HEAD}
it('a buyer comes back', () => assert.equal(whoIsBack(remember('ada').split(';')[0]), 'ada'));
it('the cookie lasts thirty days', () =>
  assert.equal(remember('ada'), 'buyer=ada; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax'));
`,
    },
    testNames: ['a buyer comes back', 'the cookie lasts thirty days'],
    tests: {
      'test/remember.audit.test.js': `${REMEMBER_HEAD}
it('without a cookie nobody is back', () => {
  assert.equal(whoIsBack(''), null);
  assert.equal(whoIsBack('theme=dark'), null);
});
it('names with spaces come back whole', () =>
  assert.equal(whoIsBack('theme=dark; ' + remember('Ada L').split(';')[0]), 'Ada L'));
`,
    },
  }),
];
