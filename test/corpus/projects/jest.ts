/**
 * The till for jest, in CommonJS. Its manifest declares jest as a package.
 */
import type { ScriptedBuild } from '../scripted-build';
import { DISCOUNT, PRICE, nodeTill } from './node';

export const JEST_DISCOUNT = toCommonJs(DISCOUNT);
export const JEST_PRICE_TEST = `const { format, total } = require('../src/price');

test('a basket is added up', () => expect(total([{ cents: 250, count: 2 }, { cents: 99, count: 1 }])).toBe(599));
test('an empty basket costs nothing', () => expect(total([])).toBe(0));
test('cents are written as an amount', () => expect(format(1205)).toBe('12.05'));
`;
const DISCOUNT_TEST = `const { toPay } = require('../src/discount');

test('a basket of 100.00 gets a tenth off', () => expect(toPay([{ cents: 5000, count: 2 }])).toBe(9000));
test('a small basket is paid in full', () => expect(toPay([{ cents: 500, count: 3 }])).toBe(1500));
`;
const AUDIT_TEST = `const { toPay } = require('../src/discount');

test('one cent below the threshold is paid in full', () => expect(toPay([{ cents: 9999, count: 1 }])).toBe(9999));
test('a large basket is rounded down', () => expect(toPay([{ cents: 12345, count: 1 }])).toBe(11110));
`;

export function jestTill(): ScriptedBuild {
  const till = nodeTill();
  const manifest = { name: 'till', private: true, scripts: { test: 'jest' }, devDependencies: { jest: '^30.0.0' } };
  till.runner = 'jest';
  till.base = {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'src/price.js': toCommonJs(PRICE),
    'test/price.test.js': JEST_PRICE_TEST,
  };
  till.code[0].files = { 'src/discount.js': JEST_DISCOUNT, 'test/discount.test.js': DISCOUNT_TEST };
  till.audit[0].tests = { 'test/discount.audit.test.js': AUDIT_TEST };
  return till;
}

export function toCommonJs(source: string): string {
  const names = [...source.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
  const body = source
    .replace(/^export /gm, '')
    .replace(/^import (\{.*\}) from '(.*)\.js';/gm, "const $1 = require('$2');");
  return `${body}\nmodule.exports = { ${names.join(', ')} };\n`;
}
