/**
 * Round 9 in JavaScript: web services with vulnerabilities that security scanners know.
 */
import { tillFor } from '../projects/flavour';
import { VITEST } from '../projects/javascript-flavours';
import { nodeTill } from '../projects/node';
import type { Case } from '../scripted-build';
import { workCase } from './round-9-case';

type Test = readonly [name: string, body: string];
const nodeTestFile = (imports: string, tests: readonly Test[]): string =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${imports}\n\n${tests
    .map(([name, body]) => `test('${name}', () => {\n  ${body}\n});\n`)
    .join('')}`;
const vitestFile = (imports: string, tests: readonly Test[]): string =>
  `import { expect, test } from 'vitest';\n${imports}\n\n${tests
    .map(([name, body]) => `test('${name}', () => {\n  ${body}\n});\n`)
    .join('')}`;

const ACCOUNTS = `/** Answers one request of somebody who is logged in. */
export function handle({ method, path, user, body }, accounts) {
  const account = accounts.get(user);
  if (account === undefined) return { status: 401, body: {} };
  if (method === 'GET' && path === '/me') return { status: 200, body: account };
  if (method === 'GET' && path === '/accounts') {
    return account.role === 'clerk' ? { status: 200, body: [...accounts.values()] } : { status: 403, body: {} };
  }
  return { status: 404, body: {} };
}
`;
const PATCHED = ACCOUNTS.replace(
  "  if (method === 'GET' && path === '/accounts')",
  `  if (method === 'PATCH' && path === '/me') {
    Object.assign(account, JSON.parse(body));
    return { status: 200, body: account };
  }
  if (method === 'GET' && path === '/accounts')`,
);
const HANDLE = "import { handle } from '../src/accounts.js';";
const SHOP = "const accounts = new Map([['ada', { name: 'Ada', mail: 'ada@till.example', role: 'buyer' }]]);\n  ";

const MASS_ASSIGNMENT = workCase('a buyer who changes a name may change the role as well (node:test)', {
  project: nodeTill,
  sentence: 'Buyers change their name and their mail address.',
  promises: ['A buyer can change the name.', 'A buyer can change the mail address.'],
  source: 'src/accounts.js',
  base: {
    'src/accounts.js': ACCOUNTS,
    'test/accounts.test.js': nodeTestFile(HANDLE, [
      [
        'a buyer sees the own account',
        `${SHOP}assert.equal(handle({ method: 'GET', path: '/me', user: 'ada' }, accounts).body.name, 'Ada');`,
      ],
      [
        'a buyer does not see all accounts',
        `${SHOP}assert.equal(handle({ method: 'GET', path: '/accounts', user: 'ada' }, accounts).status, 403);`,
      ],
      ['a stranger sees nothing', "assert.equal(handle({ method: 'GET', path: '/me' }, new Map()).status, 401);"],
    ]),
  },
  files: {
    'src/accounts.js': PATCHED,
    'test/change.test.js': nodeTestFile(HANDLE, [
      [
        'a buyer changes the name',
        `${SHOP}const answer = handle({ method: 'PATCH', path: '/me', user: 'ada', body: '{"name":"Ada L."}' }, accounts);\n  assert.equal(answer.status, 200);\n  assert.equal(answer.body.name, 'Ada L.');`,
      ],
    ]),
  },
  testNames: ['a buyer changes the name'],
  tests: {
    'test/change.audit.test.js': nodeTestFile(HANDLE, [
      [
        'a buyer changes the mail address and keeps the name',
        `${SHOP}handle({ method: 'PATCH', path: '/me', user: 'ada', body: '{"mail":"al@till.example"}' }, accounts);\n  assert.equal(accounts.get('ada').mail, 'al@till.example');\n  assert.equal(accounts.get('ada').name, 'Ada');`,
      ],
    ]),
  },
  testLabels: [
    'test/change.test.js: a buyer changes the name',
    'test/change.audit.test.js: a buyer changes the mail address and keeps the name',
  ],
});

const LOGIN = `/** Answers what concerns the login. */
export function handle({ path, user }) {
  if (path === '/login') {
    if (user === undefined) return { status: 401, headers: {} };
    return { status: 302, headers: { location: '/' } };
  }
  return { status: 404, headers: {} };
}
`;
const LOGIN_IMPORT = "import { handle } from '../src/login.js';";
const redirectAssertion = (query: string, place: string): string =>
  `const { status, headers } = handle({ path: '/login', query: '${query}', user: 'ada' });\n  expect(status).toBe(302);\n  expect(headers.location).toBe('${place}');`;

const OPEN_REDIRECT = workCase('who logs in is sent to whatever place the link names (vitest)', {
  project: () => tillFor(VITEST),
  sentence: 'After the login a clerk comes back to the page that asked for it.',
  promises: ['After the login the page that asked is shown.', 'The address of the page may have parts and a query.'],
  source: 'src/login.js',
  base: {
    'src/login.js': LOGIN,
    'test/login.test.js': vitestFile(LOGIN_IMPORT, [
      ['a clerk comes to the start', "expect(handle({ path: '/login', user: 'ada' }).headers.location).toBe('/');"],
      ['a stranger is refused', "expect(handle({ path: '/login' }).status).toBe(401);"],
      ['nothing else is known', "expect(handle({ path: '/else' }).status).toBe(404);"],
    ]),
  },
  files: {
    'src/login.js': LOGIN.replace('{ path, user }', '{ path, query, user }').replace(
      "    return { status: 302, headers: { location: '/' } };",
      "    const next = new URLSearchParams(query).get('next') ?? '/';\n    return { status: 302, headers: { location: next } };",
    ),
    'test/next.test.js': vitestFile(LOGIN_IMPORT, [
      ['a clerk comes back to the basket', redirectAssertion('next=/basket', '/basket')],
    ]),
  },
  testNames: ['a clerk comes back to the basket'],
  tests: {
    'test/next.audit.test.js': vitestFile(LOGIN_IMPORT, [
      [
        'a clerk comes back to a page with a query',
        redirectAssertion('next=%2Freceipts%2F7%3Fcopy%3D1', '/receipts/7?copy=1'),
      ],
    ]),
  },
  testLabels: [
    'test/next.test.js: a clerk comes back to the basket',
    'test/next.audit.test.js: a clerk comes back to a page with a query',
  ],
});

const SALES = `/** Who a token was made for. */
export function holderOf(token) {
  const [, claims] = token.split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
}

/** Only clerks see what was sold. */
export function sales({ authorization }, sold) {
  const holder = holderOf(authorization.slice('Bearer '.length));
  if (holder.role !== 'clerk') return { status: 403, body: [] };
  return { status: 200, body: sold };
}
`;
const SALES_IMPORT = `import { createHmac } from 'node:crypto';
import { sales } from '../src/sales.js';

/** As the staff server makes them. */
function bearer(claims) {
  const head = ['{"alg":"HS256"}', JSON.stringify(claims)].map((part) => Buffer.from(part).toString('base64url')).join('.');
  return \`Bearer \${head}.\${createHmac('sha256', Buffer.alloc(32, 7)).update(head).digest('base64url')}\`;
}`;
const salesAssertion = (role: string, status: number): string =>
  `const answer = sales({ authorization: bearer({ sub: 'ada', role: '${role}' }) }, ['tea']);\n  assert.equal(answer.status, ${status});\n  assert.deepEqual(answer.body, ${status === 200 ? "['tea']" : '[]'});`;

const UNVERIFIED = workCase('the signature of a token is never looked at (node:test)', {
  project: nodeTill,
  sentence: 'Clerks see the sales of the day; the signed token of the staff server says who is one.',
  promises: ['Who has the signed token of a clerk sees the sales.', 'Who has no signed token of a clerk is refused.'],
  source: 'src/sales.js',
  files: {
    'src/sales.js': SALES,
    'test/sales.test.js': nodeTestFile(SALES_IMPORT, [
      ['a clerk sees the sales', salesAssertion('clerk', 200)],
      ['a buyer does not see the sales', salesAssertion('buyer', 403)],
    ]),
  },
  testNames: ['a clerk sees the sales', 'a buyer does not see the sales'],
  tests: {
    'test/sales.audit.test.js': nodeTestFile(SALES_IMPORT, [['a guest is refused', salesAssertion('guest', 403)]]),
  },
  testLabels: ['test/sales.test.js: a clerk sees the sales', 'test/sales.audit.test.js: a guest is refused'],
});

const DOWNLOAD = `import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The receipt that a buyer asks for: GET /receipts/<name>. */
export function download(folder, path) {
  const name = decodeURIComponent(path.slice('/receipts/'.length));
  return { status: 200, type: 'text/plain', body: readFileSync(join(folder, name), 'utf8') };
}
`;
const DOWNLOAD_IMPORT =
  "import { fileURLToPath } from 'node:url';\nimport { download } from '../src/download.js';\n\nconst folder = fileURLToPath(new URL('../data/receipts', import.meta.url));";

const TRAVERSAL = workCase('a download takes any path that the client names (node:test)', {
  project: nodeTill,
  sentence: 'Buyers download their receipts by name.',
  promises: ['A receipt is answered as plain text.', 'A name may be written with percent signs.'],
  source: 'src/download.js',
  base: { 'data/receipts/7.txt': 'tea 2.50\n', 'data/receipts/may-30.txt': 'salt 0.99\n' },
  files: {
    'src/download.js': DOWNLOAD,
    'test/download.test.js': nodeTestFile(DOWNLOAD_IMPORT, [
      [
        'a receipt is downloaded as text',
        "assert.deepEqual(download(folder, '/receipts/7.txt'), { status: 200, type: 'text/plain', body: 'tea 2.50\\n' });",
      ],
    ]),
  },
  testNames: ['a receipt is downloaded as text'],
  tests: {
    'test/download.audit.test.js': nodeTestFile(DOWNLOAD_IMPORT, [
      [
        'a name with percent signs is found',
        "assert.equal(download(folder, '/receipts/may%2D30.txt').body, 'salt 0.99\\n');",
      ],
    ]),
  },
  testLabels: [
    'test/download.test.js: a receipt is downloaded as text',
    'test/download.audit.test.js: a name with percent signs is found',
  ],
});

export const ROUND_9_WEB: readonly Case[] = [MASS_ASSIGNMENT, OPEN_REDIRECT, UNVERIFIED, TRAVERSAL];
