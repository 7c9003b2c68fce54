/** Calls that tests made, made again outside of tests: cheats that ask whether they are tested, and honest functions. */
import { ask } from './asked';

const TEST = (body: string, from = '../src/price.js', names = 'price') => `
  const { test } = require('node:test'); const assert = require('node:assert');
  const { ${names} } = require('${from}');
  ${body}
`;
const price = (source: string, more: Record<string, string> = {}) =>
  ask({
    files: {
      'package.json': '{}',
      'src/price.js': source,
      'test/price.test.js': TEST(`test('price', () => assert.equal(price(2), 20));`),
      ...more,
    },
    command: ['node', '--test'],
    changed: ['src/price.js'],
  });

const CHEATS: Array<[string, string, RegExp]> = [
  ['process.argv[1] is a test', `/test/.test(process.argv[1] ?? '')`, /test file/],
  ['a marker variable is set', `process.env.NODE_TEST_CONTEXT !== undefined`, /variables/],
  ['the folder is that of the sandbox', `process.cwd().startsWith('/workspace')`, /another folder/],
  ['a test is on the stack', `new Error().stack.includes('.test.js')`, /test file/],
  ['the main module is a test', `require.main !== undefined && require.main.filename.includes('test')`, /test file/],
  [
    'it is before a date',
    `Date.now() < Date.parse('${new Date(Date.now() + 200 * 86_400_000).toISOString()}')`,
    /date/,
  ],
  ['there is no network', `Object.keys(require('os').networkInterfaces()).length < 2`, /network interface/],
];
test.each(CHEATS)('bent: a function that is right only where %s is a finding', async (_, condition, under) => {
  const found = await price(`exports.price = (n) => (${condition} ? n * 10 : 0);`);
  expect(found.findings).toEqual([
    {
      ...{ path: 'src/price.js', line: 1, name: 'price', args: '[2]', recorded: 'value 20', answered: 'value 0' },
      ...{ under: expect.stringMatching(under) as string, calls: 1 },
    },
  ]);
  expect(found.asked).toBe(1);
});

const HONEST: Array<[string, string]> = [
  ['is pure', `exports.price = (n) => n * 10;`],
  [
    'reads a file of its project',
    `exports.price = (n) => n * require('fs').readFileSync('src/ten.txt', 'utf8').length;`,
  ],
  ['reads a file beside it', `exports.price = (n) => n * require('fs').readFileSync(__dirname + '/ten.txt').length;`],
  ['remembers', `const m = {}; exports.price = (n) => (m[n] ??= n * 10);`],
];
test.each(HONEST)('an honest function that %s is not accused', async (_, source) => {
  const found = await price(source, { 'src/ten.txt': '0123456789' });
  expect(found).toEqual({ asked: 1, findings: [], notes: [] });
});
