/** Checks of style and types beside the tests of a script. */
import { withoutStyleChecks } from '../../../src/inspect/project/style-checks';

function left(scripts: Record<string, string>): unknown {
  const text = withoutStyleChecks(JSON.stringify({ name: 'till', scripts }));
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
  ['run-s lint types', { lint: 'xo', types: 'tsc' }, 'node -e 0'],
])('%s runs its tests without them', (test_, more, expected) => {
  expect(left({ test: test_, ...more })).toBe(expected);
});

test.each([
  ['node --test', {}],
  ['tsc && node --test dist', {}],
  ['npm run build && mocha', { build: 'tsc -p .' }],
  ['npm run unit', { unit: 'npm run test' }],
  ['tape test/lint.js', {}],
])('%s is left as it is', (test_, more) => {
  expect(left({ test: test_, ...more })).toBeUndefined();
});

test('what npm runs before the tests is one of them', () => {
  const text = withoutStyleChecks('{ "scripts": { "pretest": "npm run lint", "lint": "xo", "test": "ava" } }') ?? '';
  expect(JSON.parse(text)).toMatchObject({ scripts: { pretest: 'node -e 0', test: 'ava' } });
  expect(withoutStyleChecks('{ "scripts": [] ')).toBeUndefined();
});
