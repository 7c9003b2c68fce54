/**
 * The source of the shapes in JavaScript and TypeScript, and its tests in the form of each test framework.
 */
import type { Example } from '../work';

export type ModuleKind = 'esm' | 'cjs' | 'ts';

/** The source before the change and after it. */
export function amountsSources(kind: ModuleKind): { base: string; changed: string } {
  const signature = (name: string, argument: string) =>
    kind === 'ts'
      ? `export function ${name}(${argument}: number): string {`
      : `${kind === 'esm' ? 'export ' : ''}function ${name}(${argument}) {`;
  const format = (whole: string) =>
    [
      '/** 1205 as 12.05. */',
      signature('format', 'cents'),
      '  const whole = Math.floor(cents / 100);',
      `  return \`\${${whole}}.\${String(cents % 100).padStart(2, '0')}\`;`,
      '}',
      '',
    ].join('\n');
  const group = [
    '/** 1234567 as 1,234,567. */',
    signature('group', 'whole'),
    `  return String(whole).replace(/\\B(?=(\\d{3})+$)/g, ',');`,
    '}',
    '',
    '',
  ].join('\n');
  const exported = (names: string) => (kind === 'cjs' ? `\nmodule.exports = { ${names} };\n` : '');
  return {
    base: format('whole') + exported('format'),
    changed: group + format('group(whole)') + exported('format, group'),
  };
}

interface Style {
  /** Lines before the import of the source. */
  head: string[];
  test: (example: Example) => string;
  /** A line after the tests. */
  foot?: string;
  /** Set for frameworks whose tests stand in a `describe` block. */
  suite?: true;
}

const expectTest = ([name, cents, amount]: Example) =>
  `test('${name}', () => {\n  expect(format(${cents})).toBe('${amount}');\n});`;
const suiteTest = (assertion: (cents: number, amount: string) => string) => (example: Example) =>
  `  it('${example[0]}', () => {\n    ${assertion(example[1], example[2])};\n  });`;
const assertTest = ([name, cents, amount]: Example) =>
  `test('${name}', () => {\n  assert.equal(format(${cents}), '${amount}');\n});`;

export const STYLES = {
  /** jest, and vitest with globals. */
  globals: { head: [], test: expectTest },
  vitest: { head: ["import { expect, test } from 'vitest';"], test: expectTest },
  jestEsm: { head: ["import { expect, test } from '@jest/globals';"], test: expectTest },
  bun: { head: ["import { expect, test } from 'bun:test';"], test: expectTest },
  node: { head: ["import assert from 'node:assert/strict';", "import { test } from 'node:test';"], test: assertTest },
  nodeCjs: {
    head: ["const assert = require('node:assert/strict');", "const { test } = require('node:test');"],
    test: assertTest,
  },
  mocha: {
    head: ["const assert = require('node:assert/strict');"],
    test: suiteTest((cents, amount) => `assert.equal(format(${cents}), '${amount}')`),
    suite: true,
  },
  chai: {
    head: ["import { expect } from 'chai';"],
    test: suiteTest((cents, amount) => `expect(format(${cents})).to.equal('${amount}')`),
    suite: true,
  },
  deno: {
    head: ["import assert from 'node:assert/strict';"],
    test: ([name, cents, amount]) =>
      `Deno.test('${name}', () => {\n  assert.equal(format(${cents}), '${amount}');\n});`,
  },
  /** jasmine, and jest with suites. */
  suites: { head: [], test: suiteTest((cents, amount) => `expect(format(${cents})).toBe('${amount}')`), suite: true },
  ava: {
    head: ["import test from 'ava';"],
    test: ([name, cents, amount]) => `test('${name}', (t) => {\n  t.is(format(${cents}), '${amount}');\n});`,
  },
  tap: {
    head: ["import t from 'tap';"],
    test: ([name, cents, amount]) =>
      `t.test('${name}', (t) => {\n  t.equal(format(${cents}), '${amount}');\n  t.end();\n});`,
  },
  uvu: {
    head: ["import { test } from 'uvu';", "import * as assert from 'uvu/assert';"],
    test: ([name, cents, amount]) => `test('${name}', () => {\n  assert.is(format(${cents}), '${amount}');\n});`,
    foot: 'test.run();',
  },
} satisfies Record<string, Style>;
export type StyleName = keyof typeof STYLES;

/** Writes a test file. `from`: the module specifier of the module that exports `format`. */
export function testFile(style: StyleName, importPath: string, examples: readonly Example[]): string {
  const { head, test, foot, suite }: Style = STYLES[style];
  const isRequire = head.some((line) => line.includes('require(')) || importPath.startsWith('require:');
  const module = importPath.replace(/^require:/, '');
  const load = isRequire ? `const { format } = require('${module}');` : `import { format } from '${module}';`;
  const tests = examples.map(test).join('\n\n');
  const body = suite ? `describe('amounts', () => {\n${tests}\n});` : tests;
  return `${[...head, load, '', body, ...(foot === undefined ? [] : ['', foot])].join('\n')}\n`;
}

export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
