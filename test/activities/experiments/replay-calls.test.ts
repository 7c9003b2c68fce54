/** Replays calls of tests outside of tests, of functions that recognise tests and of honest functions. */
import { runAndReplay } from './asked';

const testFile = (body: string, from = '../src/price.js', names = 'price') => `
  const { test } = require('node:test'); const assert = require('node:assert');
  const { ${names} } = require('${from}');
  ${body}
`;
const replayPrice = (source: string, otherFiles: Record<string, string> = {}) =>
  runAndReplay({
    files: {
      'package.json': '{}',
      'src/price.js': source,
      'test/price.test.js': testFile(`test('price', () => assert.equal(price(2), 20));`),
      ...otherFiles,
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
test.each(CHEATS)('a function that is right only where %s is a finding', async (_, condition, under) => {
  const replayed = await replayPrice(`exports.price = (n) => (${condition} ? n * 10 : 0);`);
  expect(replayed.findings).toEqual([
    {
      ...{ path: 'src/price.js', line: 1, name: 'price', args: '[2]', recorded: 'value 20', answered: 'value 0' },
      ...{ under: expect.stringMatching(under) as string, calls: 1 },
    },
  ]);
  expect(replayed.asked).toBe(1);
});

const HONEST: Array<[string, string]> = [
  ['is pure', `exports.price = (n) => n * 10;`],
  [
    'reads a file of its project',
    `exports.price = (n) => n * require('fs').readFileSync('src/ten.txt', 'utf8').length;`,
  ],
  ['reads a file beside it', `exports.price = (n) => n * require('fs').readFileSync(__dirname + '/ten.txt').length;`],
  [
    'writes into its folder',
    `exports.price = (n) => { require('fs').writeFileSync('kept.txt', String(n)); return n * 10; };`,
  ],
  ['gives its own place', `exports.price = (n) => n * 10; exports.place = () => __dirname;`],
  ['remembers', `const m = {}; exports.price = (n) => (m[n] ??= n * 10);`],
];
test.each(HONEST)('an honest function that %s is not accused', async (_, source) => {
  const replayed = await replayPrice(source, { 'src/ten.txt': '0123456789' });
  expect(replayed).toEqual({ asked: 1, findings: [], notes: [] });
});

test('honest functions that depend on chance, the clock, variables or arguments of the process are noted, and not accused', async () => {
  const source = `
    exports.chance = () => Math.random();
    exports.stamp = () => Date.now();
    exports.today = () => new Date().toISOString().slice(0, 10);
    exports.url = () => process.env.API_URL ?? 'none';
    exports.words = () => process.argv.length;
    exports.program = () => process.argv[1] ?? '';
    exports.count = (list) => list.push(1);
    exports.apply = (f) => f(1);
    exports.read = (path) => require('fs').readFileSync(path, 'utf8');
    exports.ends = () => (Date.now() > 1e12 ? 'yes' : 'no');
  `;
  const names = 'chance, stamp, today, url, words, program, count, apply, read, ends';
  const body = `
    test('all', () => {
      chance(); stamp(); today(); words(); program(); ends();
      process.env.API_URL = 'http://x'; assert.equal(url(), 'http://x');
      const list = []; assert.equal(count(list), 1); assert.equal(count(list), 2);
      assert.equal(apply((one) => one + 1), 2);
      require('fs').writeFileSync('/tmp/made', 'made'); assert.equal(read('/tmp/made'), 'made');
    });
  `;
  const { findings, notes, asked } = await replayPrice(source, {
    'test/price.test.js': testFile(body, '../src/price.js', names),
  });
  expect(findings).toEqual([]);
  expect(asked).toBe(10);
  expect(notes.map((note) => note.split(' ')[0]).sort()).toEqual(
    ['chance', 'program', 'read', 'stamp', 'today', 'url', 'words'].sort(),
  );
});

test('recorders do not change what tests see of a function', async () => {
  const source = `
    async function later(one, two) { return this === undefined || one; }
    class Thing { }
    exports.later = later; exports.Thing = Thing; exports.self = function () { return this === exports; };
    exports.same = exports.later; exports.later.mark = 1;
  `;
  const body = `
    test('all', async () => {
      assert.equal(later.name, 'later'); assert.equal(later.length, 2); assert.equal(later.mark, 1);
      assert.equal(later.constructor.name, 'AsyncFunction'); assert.equal(all.same, later); const whole = require('../src/price.js');
      assert.ok(whole.self()); assert.ok(new Thing() instanceof Thing); assert.equal(await later(1), 1);
      assert.throws(() => Thing(), TypeError);
    });
  `;
  const all = `later, Thing, ...all`;
  const { notes, asked } = await replayPrice(source, { 'test/price.test.js': testFile(body, '../src/price.js', all) });
  expect({ notes, asked }).toEqual({ notes: [], asked: 2 });
});

test('tests that fail with recorders give no finding', async () => {
  const body = `test('text', () => assert.equal(require('fs').readFileSync('src/price.js', 'utf8').length, 31));`;
  const replayed = await replayPrice(`exports.price = (n) => n * 10;\n`, { 'test/price.test.js': testFile(body) });
  expect(replayed).toEqual({ asked: 0, findings: [], notes: ['the calls of the tests could not be recorded'] });
});
