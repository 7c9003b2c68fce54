/** Separates the tests of a script from its checks of style and types. */
import { withoutStyleChecks } from '../../../src/inspect/project/style-checks';
import { processorMs } from '../../processor-time';

function testScriptOf(scripts: Record<string, string>): unknown {
  const text = withoutStyleChecks(JSON.stringify({ name: 'till', scripts }), ['npm', 'test']);
  return text === undefined ? undefined : (JSON.parse(text) as { scripts: Record<string, string> }).scripts.test;
}

test.each([
  ['standard && tape test/*.js', {}, 'tape test/*.js'],
  ['npm run lint && npm run unit', { lint: 'standard | snazzy', unit: 'tape test' }, 'npm run unit'],
  ['tap test && npm run lint', { lint: 'standard --fix' }, 'tap test'],
  ['NODE_ENV=test npx eslint . && node --test', {}, 'node --test'],
  ['tsc --noEmit && vitest run', {}, 'vitest run'],
  ['npm run check && mocha', { check: 'prettier --check . && xo' }, 'mocha'],
  ['npm-run-all lint test:*', { 'test:unit': 'tape test' }, 'npm-run-all test:*'],
  ['run-s lint typecheck', { lint: 'xo', typecheck: 'tsc' }, 'node -e 0'],
])('the script %j runs its tests without the checks', (test_, otherScripts, expected) => {
  expect(testScriptOf({ test: test_, ...otherScripts })).toBe(expected);
});

test.each([
  ['node --test', {}],
  ['tsc && node --test dist', {}],
  ['npm run build && mocha', { build: 'tsc -p .' }],
  ['npm run unit', { unit: 'npm run test' }],
  ['tape test/lint.js', {}],
  ['pnpm exec tsc && node --test dist', {}],
  ['npm run types && mocha dist', { types: 'tsc' }],
  ['npm run format && mocha', { format: 'node build/format-templates.js' }],
  ['run-s tsc unit', { tsc: 'tsc -p .', unit: 'mocha' }],
  ['node --test', { lint: 'eslint .' }],
  ['biome check . ; node --test', {}],
])('the script %j stays unchanged', (test_, otherScripts) => {
  expect(testScriptOf({ test: test_, ...otherScripts })).toBeUndefined();
});

test('a style check in the script that npm runs before the tests is left out, too', () => {
  const text =
    withoutStyleChecks('{ "scripts": { "pretest": "npm run lint", "lint": "xo", "test": "ava" } }', ['npm', 't']) ?? '';
  expect(JSON.parse(text)).toMatchObject({ scripts: { pretest: 'node -e 0', test: 'ava' } });
  expect(withoutStyleChecks('{ "scripts": [] ', ['npm', 'test'])).toBeUndefined();
});

test('scripts that call each other many times are read without delay', async () => {
  const many = (name: string): string => Array.from({ length: 2_000 }, () => `npm run ${name}`).join(' && ');
  const scripts = { test: many('a'), a: many('b'), b: many('c'), c: many('d'), d: many('lint'), lint: 'xo' };
  expect(await processorMs(() => testScriptOf(scripts))).toBeLessThan(1_000);
});
