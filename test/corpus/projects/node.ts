/**
 * The till in JavaScript with node:test, without packages or a build step. Most cases change this project, since it is the
 * fastest.
 */
import type { ScriptedBuild } from '../scripted-build';
import { honestRoles } from './promises';

export const PRICE = `/** Sum of a basket, in cents. */
export function total(items) {
  return items.reduce((sum, { cents, count }) => sum + cents * count, 0);
}

/** 1234 as 12.34. */
export function format(cents) {
  return \`\${Math.floor(cents / 100)}.\${String(cents % 100).padStart(2, '0')}\`;
}
`;
export const PRICE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, total } from '../src/price.js';

test('a basket is added up', () => assert.equal(total([{ cents: 250, count: 2 }, { cents: 99, count: 1 }]), 599));
test('an empty basket costs nothing', () => assert.equal(total([]), 0));
test('cents are written as an amount', () => assert.equal(format(1205), '12.05'));
`;
export const DISCOUNT = `import { total } from './price.js';

const THRESHOLD = 10000;

/** A tenth is taken off from 100.00 on, rounded down to whole cents. */
export function toPay(items) {
  const sum = total(items);
  return sum >= THRESHOLD ? Math.floor((sum * 9) / 10) : sum;
}
`;
export const DISCOUNT_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toPay } from '../src/discount.js';

test('a basket of 100.00 gets a tenth off', () => assert.equal(toPay([{ cents: 5000, count: 2 }]), 9000));
test('a small basket is paid in full', () => assert.equal(toPay([{ cents: 500, count: 3 }]), 1500));
`;
export const AUDIT_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toPay } from '../src/discount.js';

test('one cent below the threshold is paid in full', () => assert.equal(toPay([{ cents: 9999, count: 1 }]), 9999));
test('a large basket is rounded down to whole cents', () => assert.equal(toPay([{ cents: 12345, count: 1 }]), 11110));
`;
export const MANIFEST = {
  name: 'till',
  version: '1.0.0',
  private: true,
  type: 'module',
  scripts: { test: 'node --test' },
};
export const GUIDE = `# The till

How to use it:

1. Put goods into the basket.
2. Ask for the total.
3. Write it as an amount.
4. Take the money.
5. Give the change.
6. Print the receipt.
7. Say thank you.
`;

export function nodeTill(): ScriptedBuild {
  return {
    runner: 'node:test',
    language: 'JavaScript',
    base: {
      'package.json': manifestWith({}),
      'README.md': GUIDE,
      'src/price.js': PRICE,
      'src/receipt.js': 'export const receipt = (lines) => lines.join("\\n");\n',
      'test/price.test.js': PRICE_TEST,
    },
    request: {},
    ...honestRoles({
      source: 'src/discount.js',
      code: { 'src/discount.js': DISCOUNT, 'test/discount.test.js': DISCOUNT_TEST },
      test_cases: ['a basket of 100.00 gets a tenth off', 'a small basket is paid in full'],
      tests: { 'test/discount.audit.test.js': AUDIT_TEST },
      testLabels: [
        'test/discount.test.js: a basket of 100.00 gets a tenth off',
        'test/discount.audit.test.js: one cent below the threshold is paid in full',
      ],
    }),
  };
}

export function manifestWith(more: object): string {
  return `${JSON.stringify({ ...MANIFEST, ...more }, null, 2)}\n`;
}
