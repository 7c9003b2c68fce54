/**
 * Exports under the name of another function are found, and migrations that databases in use have passed.
 */
import { findingsOf } from './example-tree';
import type { ExampleChange } from './example-tree';

const PRICE = 'export function total(items) {\n  return 1;\n}\n';
const DISCOUNT = 'export function toPay(items) {\n  return 2;\n}\n';

test.each<[string, ExampleChange, RegExp]>([
  [
    'the old sum under the name of the new function',
    {
      base: { 'src/price.js': PRICE, 'index.js': "export { total } from './src/price.js';\n" },
      files: { 'src/discount.js': DISCOUNT, 'index.js': "export { total, total as toPay } from './src/price.js';\n" },
    },
    /exports total under the name toPay, which src\/discount\.js defines/,
  ],
  [
    'the old sum under the name of the new function of a package',
    {
      base: { 'till/price.py': 'def total(items):\n    return 1\n', 'till/__init__.py': '' },
      files: {
        'till/discount.py': 'def to_pay(items):\n    return 2\n',
        'till/__init__.py': 'from .price import total as to_pay\n',
      },
    },
    /exports total under the name to_pay/,
  ],
  [
    'a migration that databases in use have passed',
    { base: { 'migrations/0002_sales.sql': '' }, files: { 'migrations/0001_tax.sql': 'ALTER' } },
    /databases in use have passed it/,
  ],
  [
    'a migration with the number of another one',
    { base: { 'db/migrate/V2__sales.sql': '' }, files: { 'db/migrate/V2__tax.sql': 'ALTER' } },
    /databases in use have passed it/,
  ],
])('%s is found', (_, change, reason) => {
  expect(findingsOf(change).join('\n')).toMatch(reason);
});

test.each<[string, ExampleChange]>([
  [
    'a name that nothing else has',
    { base: { 'src/price.js': PRICE }, files: { 'index.js': "export { total as sum } from './src/price.js';\n" } },
  ],
  [
    'the new function under its own name',
    {
      base: { 'src/price.js': PRICE },
      files: { 'src/discount.js': DISCOUNT, 'index.js': "export * as till from './src/discount.js';\n" },
    },
  ],
  [
    'the next migration, there and back',
    {
      base: { 'migrations/0001_sales.up.sql': '', 'migrations/0001_sales.down.sql': '' },
      files: { 'migrations/0002_tax.up.sql': 'a', 'migrations/0002_tax.down.sql': 'b' },
    },
  ],
  ['a numbered document', { base: { 'docs/0002-b.md': '' }, files: { 'docs/0001-a.md': 'a' } }],
])('%s is not found', (_, change) => {
  expect(findingsOf(change)).toEqual([]);
});
