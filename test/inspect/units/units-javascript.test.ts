/**
 * Checks the units of JavaScript and TypeScript: which code is broken, how, and which code needs no test.
 */
import { textAfter, unitsIn, saysOfUnits } from './asked';

const reasonsIn = async (path: string, text: string, changed?: number[]) =>
  (await unitsIn(path, text, changed)).others.map(({ line, why }) => `${line} ${why}`);

describe('functions', () => {
  const PRICE = `export function price(n) {\n  // the unit price\n  const each = 3;\n  return n * each;\n}\n`;

  test('a changed function throws, or returns nothing', async () => {
    const { units } = await unitsIn('src/price.js', PRICE, [4]);
    expect(units.filter(({ kind }) => kind === 'function')).toMatchObject([
      { line: 1, owner: { name: 'price', line: 1 }, says: 'price(): throws' },
      { line: 1, owner: { name: 'price', line: 1 }, says: 'price(): gives nothing back' },
    ]);
    expect(textAfter(PRICE, units, 'throws')).toContain('price(n) { throw new Error("broken");\n');
    expect(textAfter(PRICE, units, 'price(): gives')).toContain('price(n) { return undefined;\n');
  });

  test('a function in which only a comment changes is no unit', async () => {
    const { units, others } = await unitsIn('src/price.js', PRICE, [2]);
    expect(units).toEqual([]);
    expect(others).toEqual([{ path: 'src/price.js', line: 2, why: 'comment' }]);
  });

  test('an unchanged function is no unit', async () => {
    const text = `${PRICE}export function other() {\n  return 1;\n}\n`;
    const { units } = await unitsIn('src/price.js', text, [4]);
    expect(new Set(units.map(({ owner }) => owner?.name))).toEqual(new Set(['price']));
  });

  test.each([
    ['arrow with a body', 'const f = (a) => { return a; };', 'f(): throws'],
    ['arrow without one', 'const f = (a) => a;', 'f(): throws'],
    ['method', 'class A { m() { return 1; } }', 'A.m(): throws'],
    ['getter', 'class A { get m() { return 1; } }', 'A.m(): throws'],
    ['constructor', 'class A { constructor() { this.a = 1; } }', 'A.constructor(): throws'],
    ['field', 'class A { m = () => 1; }', 'm(): throws'],
    ['property', 'const o = { m: function () { return 1; } };', 'm(): throws'],
    ['assigned', 'module.exports.f = function () { return 1; };', 'module.exports.f(): throws'],
    ['nested', 'function a() { const b = () => 3; return b; }', 'b(): throws'],
    ['default', 'export default () => 3;', 'default(): throws'],
    ['generator', 'function* g() { yield 1; }', 'g(): throws'],
    ['async', 'async function f() { return 1; }', 'f(): throws'],
    ['callback', 'on("x", () => { go(); });', 'function(): throws'],
  ])('%s', async (_name, text, says) => {
    const { units } = await unitsIn('src/a.js', text);
    expect(units.map((unit) => unit.says)).toContain(says);
  });

  test('an arrow function without a block stays an expression', async () => {
    const text = 'const f = async (a) => a + 1;\n';
    const { units } = await unitsIn('src/a.js', text);
    expect(textAfter(text, units, 'throws')).toBe('const f = async (a) => (() => { throw new Error("broken"); })();\n');
    expect(textAfter(text, units, 'another')).toMatch(/^const f = async \(a\) => \(function q\(.*\(a \+ 1, 0\);\n$/);
  });

  test('the broken code still has the right types in TypeScript', async () => {
    const text =
      'export function f(a: number): number {\n  return a;\n}\nclass A { set v(x: number) { this.a = x; } }\n';
    const { units } = await unitsIn('src/a.ts', text);
    expect(textAfter(text, units, 'f(): throws')).toContain('if (true as boolean) throw new Error("broken");');
    expect(textAfter(text, units, 'f(): gives')).toContain('{ return undefined as never;');
    expect(textAfter(text, units, 'A.v(): gives')).toContain('{ return; this.a');
  });

  test('a function that does nothing, or only throws, has nothing to break', async () => {
    const { units } = await unitsIn(
      'src/a.js',
      'const noop = () => {};\nfunction no() { throw new Error("not here"); }\n',
    );
    expect(units).toEqual([]);
  });
});

describe('branches and conditions', () => {
  const CODE = `function f(n) {
  if (n > 3) {
    return many(n);
  } else {
    few(n);
  }
  if (n < 0) throw new RangeError('negative');
  switch (n) {
    case 2:
      two();
      break;
    default:
      rest();
  }
  try {
    go();
  } catch (error) {
    fallback(error);
  }
}
`;

  test('each branch stops when it is entered', async () => {
    const { units } = await unitsIn('src/a.js', CODE);
    expect(units.filter(({ kind }) => kind === 'branch').map(({ line, says }) => `${line} ${says}`)).toEqual([
      '2 if (n > 3): stops when entered',
      '4 else: stops when entered',
      '9 case 2: stops when entered',
    ]);
    // What is missing, has failed or is left over leads into a guard: it counts, and no test has to take it.
    expect(units.filter(({ says }) => /^(?:default|catch)/.test(says)).map(({ kind }) => kind)).toEqual([
      'statement',
      'statement',
    ]);
    expect(textAfter(CODE, units, 'case 2')).toContain('throw new Error("broken"); two();');
  });

  test('a branch that only throws, logs or returns an error is no unit', async () => {
    const text =
      'function f(a, cb) {\n  if (a) throw new Error("x");\n  if (b) {\n    console.warn("b");\n  }\n  if (c) return new TypeError("c");\n  g();\n}\n';
    const { units, others } = await unitsIn('src/a.js', text);
    expect(units.filter(({ kind }) => kind === 'branch')).toEqual([]);
    expect(others.map(({ line, why }) => `${line} ${why}`)).toEqual(
      expect.arrayContaining(['2 message', '3 message', '4 log', '6 message']),
    );
  });

  test('a condition becomes always false, always true, or its boundary moves', async () => {
    const { units } = await unitsIn('src/a.js', CODE, [2]);
    expect(textAfter(CODE, units, 'never true')).toContain('if (false && (n > 3)) {');
    expect(textAfter(CODE, units, 'always true')).toContain('if (true || (n > 3)) {');
    expect(textAfter(CODE, units, '> becomes >=')).toContain('if (n >= 3) {');
    expect(textAfter(CODE, units, '3: 4')).toContain('if (n > 4) {');
  });

  test('no break makes a loop endless', async () => {
    const { units } = await unitsIn('src/a.js', 'while (more()) go();\nfor (let i = 0; i < n; i += 1) go();\n');
    expect(units.some(({ says }) => says.includes('always true'))).toBe(false);
  });

  test('operators are swapped, but strings are not subtracted', async () => {
    const says = saysOfUnits(await unitsIn('src/a.js', 'const a = b + c;\nconst d = "x" + b;\nconst e = p && q;\n'));
    expect(says).toEqual([
      'operator b + c: + becomes -',
      'constant "x": another text',
      'operator p && q: && becomes ||',
    ]);
  });
});

describe('constants, values and statements', () => {
  test.each([
    ['const a = 3;', 'const a = 4;'],
    ['const a = 0;', 'const a = 1;'],
    ['const a = 1.5;', 'const a = 2.5;'],
    ['const a = 0xff;', 'const a = 0xfe;'],
    ['const a = 9n;', 'const a = 10n;'],
    ['const a = true;', 'const a = false;'],
    ["const a = 'x';", "const a = 'x_broken';"],
    ["const a = '';", "const a = '_broken';"],
    ['const a = `x${b}`;', 'const a = `x${b}_broken`;'],
    ['const a = /x$/g;', 'const a = /x$_broken/g;'],
    ['function f(a = 3) {}', 'function f(a = 4) {}'],
    ["const o = { 'a-b': 'c' };", "const o = { 'a-b': 'c_broken' };"],
  ])('%s', async (text, broken) => {
    const { units } = await unitsIn('src/a.js', text);
    expect(
      units
        .filter(({ kind }) => kind === 'constant')
        .map(({ edit }) => text.slice(0, edit.from) + edit.text + text.slice(edit.to)),
    ).toEqual([broken]);
  });

  test('imports, directives, keys, types and messages are no units', async () => {
    const text = `'use strict';
import a from 'a';
const b = require('b');
export { c } from 'c';
export const version = '1.2.3';
type T = 'x' | 2;
interface I { a: 'y' }
throw new Error(\`bad \${3}\`);
console.log('said', 3);
this.logger.warn('said');
cb(new TypeError('bad'));
`;
    const { units } = await unitsIn('src/a.ts', text);
    expect(units.filter(({ kind }) => kind === 'constant')).toEqual([]);
    expect(await reasonsIn('src/a.ts', text)).toEqual([
      '1 declaration',
      '2 declaration',
      '3 declaration',
      '4 declaration',
      '5 declaration',
      '6 types',
      '7 types',
      '8 message',
      '9 log',
      '10 log',
      '11 message',
    ]);
  });

  test('a call of Math.log is not taken for a log message', async () => {
    expect((await unitsIn('src/a.js', 'total = Math.log(3);\n')).others).toEqual([]);
  });

  test('a result is not returned, an effect does not happen, and exports are kept', async () => {
    const text = 'function f() {\n  this.a = b();\n  go();\n  return this.a;\n}\nmodule.exports = f;\n';
    const result = await unitsIn('src/a.js', text);
    expect(saysOfUnits(result).filter((one) => /^(value|statement)/.test(one))).toEqual([
      'statement this.a = b();: left out',
      'statement go();: left out',
      'value return this.a;: gives another answer',
    ]);
    expect(textAfter(text, result.units, 'go()')).toContain('\n  ;\n');
  });
});
