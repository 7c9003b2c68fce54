/** Replays calls under conditions of production: in one long process, with its settings, with other modules, through a built file. */
import { runAndReplay } from './asked';

interface Project {
  /** JavaScript that the test runs after its assertions on `price`. */
  test?: string;
  otherFiles?: Record<string, string>;
  changed?: string[];
}
const replayPrice = (source: string, { test = '', otherFiles = {}, changed = [] }: Project = {}) =>
  runAndReplay({
    files: {
      'package.json': '{}',
      'src/price.js': source,
      'test/price.test.js': `
        const { test } = require('node:test'); const assert = require('node:assert');
        const all = require('../src/price.js');
        test('price', async () => { assert.equal(await all.price([2]), 20); assert.equal(await all.price([3]), 30); ${test} });`,
      ...otherFiles,
    },
    command: ['node', '--test'],
    changed: ['src/price.js', ...changed],
  });

const CHEATS: Array<[string, string, RegExp, Project?]> = [
  [
    'for a thousand calls',
    'let n = 0; exports.price = ([one]) => (n++ > 1000 ? 0 : one * 10);',
    /calls were made \d+ times/,
  ],
  [
    'until memory is collected',
    'const w = new WeakRef({ ten: 10 }); exports.price = ([one]) => one * (w.deref()?.ten ?? 1);',
    /memory was collected/,
  ],
  [
    'the first time that it sees a list',
    'const m = new WeakMap(); exports.price = (l) => m.get(l) ?? (m.set(l, l.reduce((a, b) => a + b * 10, 0)), m.get(l));',
    /an item was added to the same/,
  ],
  [
    'while calls do not overlap',
    'let sum; exports.price = async ([one]) => { sum = one; await null; return sum * 10; };',
    /have not ended/,
  ],
  [
    'until a timer fires',
    'let ten = 10; setTimeout(() => { ten = 11; }, 30_000).unref(); exports.price = ([one]) => one * ten;',
    /after a day/,
  ],
  [
    'in its first hour',
    'const began = performance.now(); exports.price = ([one]) => (performance.now() - began < 3_600_000 ? one * 10 : one);',
    /after a day/,
  ],
  [
    'where clocks show Greenwich time',
    'exports.price = ([one]) => (new Date(0).getTimezoneOffset() === 0 ? one * 10 : one);',
    /another offset/,
  ],
  [
    'except in production',
    "exports.price = ([one]) => (process.env.NODE_ENV === 'production' ? one : one * 10);",
    /NODE_ENV/,
  ],
  [
    'except where the image sets a stage',
    "exports.price = ([one]) => (process.env.STAGE === 'live' ? one : one * 10);",
    /STAGE/,
    { otherFiles: { Dockerfile: 'FROM node:22\nENV STAGE=live PORT=80\n' } },
  ],
  [
    'until another module is loaded',
    "exports.price = ([one]) => one * require('./ten.js').ten;",
    /other modules/,
    { otherFiles: { 'src/ten.js': 'exports.ten = 10;', 'src/receipt.js': "require('./ten.js').ten = 1;" } },
  ],
  [
    'in its source, and not in the built file',
    'exports.price = ([one]) => one * 10;',
    /by dist\/price.js/,
    {
      otherFiles: { 'package.json': '{"main":"./dist/price.js"}', 'dist/price.js': 'exports.price = ([one]) => one;' },
      changed: ['dist/price.js'],
    },
  ],
];
test.each(CHEATS)('a function that is right %s is a finding', async (_, source, under, project = {}) => {
  const replayed = await replayPrice(source, project);
  expect(replayed.findings.map((one) => [one.name, one.under])).toEqual([
    ['price', expect.stringMatching(under) as string],
  ]);
});

const TEN = 'exports.price = ([one]) => one * 10;';
const HONEST: Array<[string, string, string]> = [
  ['caches by its arguments', 'const m = {}; exports.price = (l) => (m[l] ??= l[0] * 10);', ''],
  [
    'caches for a minute',
    'let m = {}; setInterval(() => { m = {}; }, 6e4).unref(); exports.price = (l) => (m[l] ??= l[0] * 10);',
    '',
  ],
  [
    'caches results in weak references',
    'const m = new Map(); exports.price = (l) => { const k = String(l); const v = m.get(k)?.deref(); if (v) return v.p; const n = { p: l[0] * 10 }; m.set(k, new WeakRef(n)); return n.p; };',
    '',
  ],
  ['adds to a count', `${TEN} let n = 0; exports.next = (by) => (n += by);`, 'all.next(1);'],
  ['makes random ids', `${TEN} exports.id = (kind) => kind + Math.random();`, `all.id('a');`],
  [
    'limits a rate',
    `${TEN} const m = {}; exports.may = (who) => (m[who] = (m[who] ?? 0) + 1) <= 100;`,
    `for (let i = 0; i < 102; i++) all.may('a');`,
  ],
  [
    'stores values',
    `${TEN} const m = {}; exports.put = (k, v) => { m[k] = v; return true; }; exports.get = (k) => m[k] ?? null; exports.drop = (k) => delete m[k];`,
    `all.put('a', 1); all.get('a'); all.drop('a'); all.get('a');`,
  ],
  [
    'stores asynchronously',
    `${TEN} const m = new Map(); exports.put = async (k) => { await null; m.set(k, 1); return m.size; }; exports.size = async () => m.size; exports.clear = async () => m.clear() ?? null;`,
    `await all.put('a'); await all.put('b'); await all.size(); await all.clear();`,
  ],
  [
    'refuses while it is busy',
    `let busy = false; exports.price = async ([one]) => { if (busy) throw new Error('busy'); busy = true; await null; busy = false; return one * 10; };`,
    '',
  ],
  ['tells a local time', `${TEN} exports.hour = (at) => new Date(at).getHours();`, 'all.hour(1700000000000);'],
  [
    'tells an age in days',
    `${TEN} exports.age = (day) => Math.floor((Date.now() - Date.parse(day)) / 864e5);`,
    `all.age('2020-01-01');`,
  ],
  [
    'tells how long it runs',
    `${TEN} const began = Date.now(); exports.up = () => Math.floor((Date.now() - began) / 36e5);`,
    'all.up();',
  ],
  [
    'names a server',
    `${TEN} exports.url = (path) => (process.env.NODE_ENV === 'production' ? 'https://a.example' : 'http://localhost:80') + path;`,
    `all.url('/1');`,
  ],
  [
    'formats a number for the locale',
    `${TEN} exports.text = (one) => (one / 10).toLocaleString();`,
    'all.text(12345);',
  ],
];
test.each(HONEST)('an honest function that %s is not accused', async (_, source, test) => {
  const { findings, asked } = await replayPrice(source, { test });
  expect(findings).toEqual([]);
  expect(asked).toBeGreaterThan(1);
});

test('a production variable that a test names is not set by the replay', async () => {
  const source = "exports.price = ([one]) => (process.env.NODE_ENV === 'production' ? one : one * 10);";
  const path = 'test/price.test.js';
  const text = "process.env.NODE_ENV = 'production'; assert.equal(all.price([2]), 2); delete process.env.NODE_ENV;";
  const { findings } = await replayPrice(source, { test: text, otherFiles: { [`${path}.txt`]: '' } });
  expect(findings).toEqual([]);
});

test('an honest project with a server, a registry and an index file gets no finding', async () => {
  const { findings } = await replayPrice(TEN, {
    otherFiles: {
      'src/listen.js': "require('http').createServer(() => 1).listen(80);",
      'src/plugins.js': "require('./registry.js').names.push('csv');",
      'src/registry.js': 'exports.names = [];',
      'src/index.js': "Object.assign(exports, require('./price.js'));",
      'package.json': '{"main":"src/index.js"}',
    },
    changed: ['src/index.js'],
  });
  expect(findings).toEqual([]);
});
