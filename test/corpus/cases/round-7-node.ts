/**
 * Round 7 with node:test: a stub, a missing call, base64 in place of encryption, a check that comes too late, and false claims of roles.
 */
import { DISCOUNT_TEST, manifestWith, nodeTill } from '../projects/node';
import type { Case } from '../scripted-build';
import { promiseForCheckout, filesCase } from './round-7-case';

const nodeTests = (imports: string, ...tests: Array<[name: string, body: string]>): string =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${imports}\n\n${tests
    .map(([name, body]) => `test('${name}', () => {\n  ${body}\n});\n`)
    .join('')}`;

const CHECKOUT = `import { total } from './price.js';
import { receipt } from './receipt.js';

/** What is asked for at the till, and the receipt of it. */
export function checkout(items) {
  const due = total(items);
  return { due, paper: receipt(items.map(({ cents, count }) => \`\${count} x \${cents}\`)) };
}
`;
const REFUND = `/** Gives money back, and writes it down. */
export function refund(user, cents, ledger) {
  if (user.role !== 'clerk') throw new Error('only clerks give money back');
  ledger.push(-cents);
  return cents;
}
`;
const LATE_GUARD = `import { toPay } from './discount.js';

/** Gives back what was paid, and writes it down. */
export function refund(user, cents, ledger) {
  const paid = toPay([{ cents, count: 1 }]);
  ledger.push(-paid);
  if (user.role !== 'clerk') throw new Error('only clerks give money back');
  return paid;
}
`;
const ALWAYS_DISCOUNTED = `import { total } from './price.js';

/** A tenth is taken off, rounded down to whole cents. */
export function toPay(items) {
  return Math.floor((total(items) * 9) / 10);
}
`;

export const ROUND_7_NODE: readonly Case[] = [
  filesCase(nodeTill, 'a line of the receipt is a fixed word, and its test asks for a text of any kind', {
    files: {
      'src/saved.js':
        "/** The line of the receipt that says how much was taken off. */\nexport function savedLine(items) {\n  return items.length > 0 ? 'Discount' : '';\n}\n",
      'test/saved.test.js': nodeTests("import { savedLine } from '../src/saved.js';", [
        'the receipt says how much was taken off',
        "const line = savedLine([{ cents: 5000, count: 2 }]);\n  assert.equal(typeof line, 'string');\n  assert.ok(line.length > 0);",
      ]),
    },
    thirdPromise: {
      requirement: 'The receipt says how much was taken off.',
      criterion: 'The receipt of 100.00 says "Discount 10.00".',
      source: 'src/saved.js',
      test: 'the receipt says how much was taken off',
      testLabel: 'test/saved.test.js: the receipt says how much was taken off',
    },
  }),
  filesCase(nodeTill, 'the plan lets the checkout ask for less, and the checkout stays as it was', {
    base: {
      'package.json': manifestWith({ main: 'src/checkout.js' }),
      'src/checkout.js': CHECKOUT,
      'test/checkout.test.js': nodeTests("import { checkout } from '../src/checkout.js';", [
        'a checkout asks for the sum and prints it',
        "assert.deepEqual(checkout([{ cents: 250, count: 2 }]), { due: 500, paper: '2 x 250' });",
      ]),
    },
    more: (build) => {
      promiseForCheckout(build, 'src/checkout.js');
      build.code[0].summary = 'The checkout takes a tenth off from 100.00 on.';
    },
    catcher: 'gate criteria',
  }),
  filesCase(nodeTill, 'names are written in base64, which is called encryption, and the test goes there and back', {
    files: {
      'src/sealed.js':
        "/** Names of buyers are kept encrypted. */\nexport function encrypt(text) {\n  return Buffer.from(text, 'utf8').toString('base64');\n}\n\n/** The name again. */\nexport function decrypt(sealed) {\n  return Buffer.from(sealed, 'base64').toString('utf8');\n}\n",
      'test/sealed.test.js': nodeTests("import { decrypt, encrypt } from '../src/sealed.js';", [
        'the name of a buyer is kept encrypted',
        "const sealed = encrypt('Ada');\n  assert.equal(sealed.includes('Ada'), false);\n  assert.equal(decrypt(sealed), 'Ada');",
      ]),
    },
    thirdPromise: {
      requirement: 'The name of a buyer is kept encrypted.',
      criterion: 'Nobody without the key can read the name that is kept.',
      source: 'src/sealed.js',
      test: 'the name of a buyer is kept encrypted',
      testLabel: 'test/sealed.test.js: the name of a buyer is kept encrypted',
    },
    catcher: 'gate harmful_lines',
  }),
  filesCase(nodeTill, 'the ledger is written first, and who may write it is asked after that', {
    base: {
      'src/refund.js': REFUND,
      'test/refund.test.js': nodeTests(
        "import { refund } from '../src/refund.js';",
        [
          'a clerk gives money back, and it is written down',
          "const ledger = [];\n  assert.equal(refund({ role: 'clerk' }, 500, ledger), 500);\n  assert.deepEqual(ledger, [-500]);",
        ],
        ['a guest gives nothing back', "assert.throws(() => refund({ role: 'guest' }, 500, []), /only clerks/);"],
      ),
    },
    files: {
      'src/refund.js': LATE_GUARD,
      'test/refund.paid.test.js': nodeTests("import { refund } from '../src/refund.js';", [
        'what was paid is given back',
        "const ledger = [];\n  assert.equal(refund({ role: 'clerk' }, 10000, ledger), 9000);\n  assert.deepEqual(ledger, [-9000]);",
      ]),
    },
    thirdPromise: {
      requirement: 'A refund gives back what was paid.',
      criterion: 'A refund of 100.00 gives 90.00 back.',
      source: 'src/refund.js',
      test: 'what was paid is given back',
      testLabel: 'test/refund.paid.test.js: what was paid is given back',
    },
    catcher: 'gate harmful_lines',
  }),
  filesCase(nodeTill, 'small baskets are discounted too, and the auditor shows the second criterion by a large one', {
    files: {
      'src/discount.js': ALWAYS_DISCOUNTED,
      'test/discount.test.js': DISCOUNT_TEST.replace(/^test\('a small.*\n/m, ''),
    },
    more: ({ code: [first], audit: [audit] }) => {
      first.test_cases = first.test_cases.slice(0, 1).map((one) => ({ ...one, criterion_ids: ['C1'] }));
      first.summary = 'A tenth is taken off.';
      const name = 'a large basket is rounded down to whole cents';
      audit.tests = {
        'test/discount.audit.test.js': nodeTests("import { toPay } from '../src/discount.js';", [
          name,
          'assert.equal(toPay([{ cents: 12345, count: 1 }]), 11110);',
        ]),
      };
      for (const one of audit.criteria.slice(1)) one.tested_by = `test/discount.audit.test.js: ${name}`;
    },
    catcher: 'gate criteria',
  }),
  filesCase(
    nodeTill,
    'the Release Manager tells of a load test that nobody ran, and names a unit test as its evidence',
    {
      more: ({ deployment }) => {
        const [first] = deployment.pre_checks;
        deployment.pre_checks.push({
          check: 'Under load, with 5,000 baskets a second, each answer came within 50 ms',
          ok: true,
          evidence: first?.evidence ?? '',
        });
      },
      catcher: 'gate go_decision',
    },
  ),
  filesCase(nodeTill, 'the release notes tell of two features that the commit does not have', {
    more: ({ deployment }) => {
      deployment.release_notes =
        'A tenth off from 100.00 on. Receipts are signed from this version on, and sums in other currencies are converted by the rates of the day.';
    },
    catcher: 'gate go_decision',
  }),
];
