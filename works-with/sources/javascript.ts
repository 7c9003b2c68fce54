/**
 * The source of the shapes in JavaScript and TypeScript, and its tests in the form of each test framework.
 */
import type { Example } from '../work';

export type ModuleKind = 'esm' | 'cjs' | 'ts';

/** The source before the change and after it. */
export function amounts(kind: ModuleKind): { base: string; changed: string } {
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
  head: string[];
  test: (example: Example) => string;
  foot?: string;
  /** Lines before and after the tests, for frameworks that need a suite. */
  suite?: true;
}

const expect = ([name, cents, amount]: Example) =>
  `test('${name}', () => {\n  expect(format(${cents})).toBe('${amount}');\n});`;
const it = (assertion: (cents: number, amount: string) => string) => (example: Example) =>
  `  it('${example[0]}', () => {\n    ${assertion(example[1], example[2])};\n  });`;
const assertStyle = ([name, cents, amount]: Example) =>
  `test('${name}', () => {\n  assert.equal(format(${cents}), '${amount}');\n});`;

export const STYLES = {
  /** jest, and vitest with globals. */
  globals: { head: [], test: expect },
  vitest: { head: ["import { expect, test } from 'vitest';"], test: expect },
  jestEsm: { head: ["import { expect, test } from '@jest/globals';"], test: expect },
  bun: { head: ["import { expect, test } from 'bun:test';"], test: expect },
  node: { head: ["import assert from 'node:assert/strict';", "import { test } from 'node:test';"], test: assertStyle },
  nodeCjs: {
    head: ["const assert = require('node:assert/strict');", "const { test } = require('node:test');"],
    test: assertStyle,
  },
  mocha: {
    head: ["const assert = require('node:assert/strict');"],
    test: it((cents, amount) => `assert.equal(format(${cents}), '${amount}')`),
    suite: true,
  },
  chai: {
    head: ["import { expect } from 'chai';"],
    test: it((cents, amount) => `expect(format(${cents})).to.equal('${amount}')`),
    suite: true,
  },
  deno: {
    head: ["import assert from 'node:assert/strict';"],
    test: ([name, cents, amount]) =>
      `Deno.test('${name}', () => {\n  assert.equal(format(${cents}), '${amount}');\n});`,
  },
  /** jasmine, and jest with suites. */
  suites: { head: [], test: it((cents, amount) => `expect(format(${cents})).toBe('${amount}')`), suite: true },
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
export function testFile(style: StyleName, from: string, examples: readonly Example[]): string {
  const { head, test, foot, suite }: Style = STYLES[style];
  const isRequire = head.some((line) => line.includes('require(')) || from.startsWith('require:');
  const module = from.replace(/^require:/, '');
  const load = isRequire ? `const { format } = require('${module}');` : `import { format } from '${module}';`;
  const tests = examples.map(test).join('\n\n');
  const body = suite ? `describe('amounts', () => {\n${tests}\n});` : tests;
  return `${[...head, load, '', body, ...(foot === undefined ? [] : ['', foot])].join('\n')}\n`;
}

export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
