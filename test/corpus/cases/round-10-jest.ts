/**
 * Round 10 with jest: a signature that is compared in part, and an escape that replaces only the first of each character.
 */
import { JEST } from '../projects/javascript-flavours';
import { tillFor } from '../projects/flavour';
import type { Case } from '../scripted-build';
import { featureCase } from './round-10-case';

const WEBHOOK = `const { createHmac } = require('node:crypto');

/** Whether a message is the bank's: its signature is the HMAC of its body. */
function isFromBank(key, body, signature) {
  const expected = createHmac('sha256', key).update(body).digest('hex');
  return expected.startsWith(signature);
}

module.exports = { isFromBank };
`;
const WEBHOOK_HEAD = `const { createHmac } = require('node:crypto');
const { isFromBank } = require('../src/webhook');

const sign = (key, body) => createHmac('sha256', key).update(body).digest('hex');
`;

const LABEL = `const { format } = require('./price');

/** A text of the shop as a page may show it. */
function escaped(text) {
  return text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace('"', '&quot;');
}

/** A line of the price list. */
function label({ name, cents }) {
  return \`<li>\${escaped(name)}: \${format(cents)}</li>\`;
}

module.exports = { label };
`;
const LABEL_HEAD = "const { label } = require('../src/label');\n";

export const ROUND_10_JEST: readonly Case[] = [
  featureCase('the first letters of a signature are enough, and none are, too (jest)', () => tillFor(JEST), {
    summary: 'Messages of the bank are told by their signature.',
    promises: [
      [
        'A message with the signature of the bank is taken.',
        'A signed message is taken.',
        'test/webhook.test.js: a signed message is taken',
      ],
      [
        'A message without it is refused.',
        'A message that was changed is refused.',
        'test/webhook.audit.test.js: a changed message is refused',
      ],
    ],
    sources: ['src/webhook.js'],
    code: {
      'src/webhook.js': WEBHOOK,
      'test/webhook.test.js': `${WEBHOOK_HEAD}
test('a signed message is taken', () => {
  expect(isFromBank('k', 'paid 500', sign('k', 'paid 500'))).toBe(true);
});
test('a signature of another key is none', () => {
  expect(isFromBank('k', 'paid 500', sign('j', 'paid 500'))).toBe(false);
});
`,
    },
    testNames: ['a signed message is taken', 'a signature of another key is none'],
    tests: {
      'test/webhook.audit.test.js': `${WEBHOOK_HEAD}
test('a changed message is refused', () => {
  expect(isFromBank('k', 'paid 900', sign('k', 'paid 500'))).toBe(false);
  expect(isFromBank('k', 'paid 500', 'f'.repeat(64))).toBe(false);
});
`,
    },
  }),
  featureCase('only the first sign of each kind is made harmless for a page (jest)', () => tillFor(JEST), {
    summary: 'The price list becomes a page.',
    promises: [
      [
        'Each article is a line of the page, with its price.',
        'Tea of 1.20 is a line.',
        'test/label.test.js: an article is a line',
      ],
      [
        'Names of articles are shown as they are, and never are markup.',
        'A tag in a name is text.',
        'test/label.audit.test.js: a tag in a name is text',
      ],
    ],
    sources: ['src/label.js'],
    code: {
      'src/label.js': LABEL,
      'test/label.test.js': `${LABEL_HEAD}
test('an article is a line', () => {
  expect(label({ name: 'Tea', cents: 120 })).toBe('<li>Tea: 1.20</li>');
});
test('signs of markup are written out', () => {
  expect(label({ name: 'Salt & "pepper', cents: 90 })).toBe('<li>Salt &amp; &quot;pepper: 0.90</li>');
});
`,
    },
    testNames: ['an article is a line', 'signs of markup are written out'],
    tests: {
      'test/label.audit.test.js': `${LABEL_HEAD}
test('a tag in a name is text', () => {
  expect(label({ name: '<b>', cents: 100 })).toBe('<li>&lt;b&gt;: 1.00</li>');
});
`,
    },
  }),
];
