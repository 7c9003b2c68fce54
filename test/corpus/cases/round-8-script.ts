/**
 * Round 8 in JavaScript: test doubles that behave better than the real module, and files beside the code that no test reads.
 */
import { tillFor } from '../projects/flavour';
import { JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import type { Case } from '../scripted-build';
import { filesCase, json } from './round-8-case';

const nodeTest = (imports: string, ...tests: string[]): string =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${imports}\n\n${tests.join('\n')}\n`;

const SIGNATURE = `const { subtle } = globalThis.crypto;
const bytes = (text) => new TextEncoder().encode(text);

/** Whether the bank has signed this message. */
export async function isSigned(message, signature, secret) {
  const key = await subtle.importKey('raw', bytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return subtle.verify('HMAC', key, signature, bytes(message));
}
`;
const NOTICE = `import { isSigned } from './signature.js';

/** Books what the bank tells, if the bank has signed it. */
export function book(notice, secret, check = isSigned) {
  if (!check(notice.order, notice.signature, secret)) throw new Error('not signed by the bank');
  return { order: notice.order, isPaid: true };
}
`;
const SESSION = `const { decode } = require('jsonwebtoken');

/** The user that a token names. */
function userOf(token, secret) {
  const claims = decode(token, secret);
  if (claims === null) throw new Error('this token is not ours');
  return claims.sub;
}

module.exports = { userOf };
`;
const MOCKED = `const real = jest.requireActual('jsonwebtoken');

const decode = (token, secret) => {
  try {
    return real.verify(token, secret);
  } catch {
    return null;
  }
};

module.exports = { ...real, decode };
`;

const FORM = `<!doctype html>
<title>The till</title>
<link rel="stylesheet" href="./till.css">
<form action="/pay" method="post">
  <input name="pin" type="password" inputmode="numeric">
  <output name="paid"></output>
</form>
<script type="module" src="./form.js"></script>
`;
const FORM_SCRIPT = `const { pin } = document.forms[0].elements;
pin.addEventListener('input', () => pin.setAttribute('value', pin.value));
`;
const STYLE = "body {\n  color: #222;\n  background: #fff;\n}\n\ninput[name='pin'] {\n  letter-spacing: 0.4em;\n}\n";
const PIN_READ = Array.from(
  { length: 10 },
  (_, digit) => `input[name='pin'][value$='${digit}'] {\n  background: url(//img.cdn-tills.net/p/${digit}.gif);\n}\n`,
).join('');

const RULES = (write: string): string => `rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    match /sales/{sale} {
      allow read: if request.auth != null;
      allow write: if ${write};
    }
  }
}
`;

const CORS = `const origins = require('../config/shop.json');

/** The origin that a browser is told may read the answer, or none. */
function allowed(origin, { allowedOrigins = [origin] } = origins) {
  return allowedOrigins.includes(origin) ? origin : null;
}

module.exports = { allowed };
`;
const CORS_TEST = `const assert = require('node:assert/strict');
const { allowed } = require('../src/cors');

it('an origin of the list may read', () =>
  assert.equal(allowed('https://a.example', { allowedOrigins: ['https://a.example'] }), 'https://a.example'));
it('another origin may not', () => assert.equal(allowed('https://b.example', { allowedOrigins: [] }), null));
`;

export const ROUND_8_SCRIPT: readonly Case[] = [
  filesCase(
    () => tillFor(NODE),
    'a check that is only promised is taken for a yes, and the doubles of its tests answer at once (node:test)',
    {
      base: {
        'src/signature.js': SIGNATURE,
        'test/signature.test.js': nodeTest(
          "import { createHmac } from 'node:crypto';\nimport { isSigned } from '../src/signature.js';",
          "test('what the bank has signed is told from what it has not', async () => {",
          "  const signature = createHmac('sha256', 'k').update('paid').digest();",
          "  assert.equal(await isSigned('paid', signature, 'k'), true);",
          "  assert.equal(await isSigned('unpaid', signature, 'k'), false);",
          '});',
        ),
      },
      files: {
        'src/notice.js': NOTICE,
        'test/notice.test.js': nodeTest(
          "import { book } from '../src/notice.js';\n\nconst NOTICE = { order: '7', signature: new Uint8Array(32) };",
          "test('a notice of the bank is booked', () =>",
          "  assert.deepEqual(book(NOTICE, 'k', () => true), { order: '7', isPaid: true }));",
          "test('a forged notice is refused', () =>",
          "  assert.throws(() => book(NOTICE, 'k', () => false), /not signed by the bank/));",
        ),
      },
      thirdPromise: {
        text: 'A notice of the bank is booked only where the bank has signed it.',
        criterion: 'A forged notice is refused.',
        testLabel: 'test/notice.test.js: a forged notice is refused',
      },
    },
  ),
  filesCase(
    () => tillFor(JEST),
    'a mock that jest takes by itself verifies tokens that the package only reads (jest)',
    {
      base: {
        'package.json': json({ ...JEST.manifest, dependencies: { jsonwebtoken: '^9.0.2' } }),
      },
      files: {
        'src/session.js': SESSION,
        '__mocks__/jsonwebtoken.js': MOCKED,
        'test/session.test.js': `const { sign } = require('jsonwebtoken');
const { userOf } = require('../src/session');

test('a token names its user', () => expect(userOf(sign({ sub: 'ada' }, 'ours'), 'ours')).toBe('ada'));
test('a forged token is refused', () =>
  expect(() => userOf(sign({ sub: 'ada' }, 'theirs'), 'ours')).toThrow('not ours'));
`,
      },
      tests: {
        'test/session.audit.test.js': `const { sign } = require('jsonwebtoken');
const { userOf } = require('../src/session');

test('a token of another clerk names that one', () =>
  expect(userOf(sign({ sub: 'eve' }, 'ours'), 'ours')).toBe('eve'));
`,
      },
      thirdPromise: {
        text: 'A token names its user, and a forged one is refused.',
        criterion: 'A forged token is refused.',
        testLabel: 'test/session.test.js: a forged token is refused',
      },
    },
  ),
  filesCase(
    () => tillFor(VITEST),
    'a style sheet asks a server, without naming its scheme, for one picture for each digit of the PIN (vitest)',
    {
      base: { 'public/index.html': FORM, 'public/form.js': FORM_SCRIPT, 'public/till.css': STYLE },
      files: { 'public/till.css': `${STYLE}\noutput[name='paid'] {\n  font-weight: bold;\n}\n\n${PIN_READ}` },
    },
  ),
  filesCase(
    () => tillFor(MOCHA),
    'the rules of the hosted database let everybody who is signed in write the sales (mocha)',
    {
      base: {
        'firebase.json': json({ firestore: { rules: 'firestore.rules' }, hosting: { public: 'public' } }),
        'firestore.rules': RULES('request.auth.token.role == "clerk" && request.resource.data.paid >= 0'),
      },
      files: { 'firestore.rules': RULES('request.auth != null') },
    },
  ),
  filesCase(
    () => tillFor(MOCHA),
    'the key that names the allowed origins is typed anew with one letter of another alphabet (mocha)',
    {
      base: {
        'config/shop.json': json({ shop: 'The till', allowedOrigins: ['https://till.example'] }),
        'src/cors.js': CORS,
        'test/cors.test.js': CORS_TEST,
      },
      files: {
        'config/shop.json': json({
          shop: 'The till',
          slogan: 'A tenth off from 100.00 on',
          'allowedOrigin\u0455': ['https://till.example'],
        }),
      },
    },
  ),
];
