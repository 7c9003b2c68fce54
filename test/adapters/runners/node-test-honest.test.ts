/** node:test under watch: honest projects pass, and the watch does not show. Each row runs for real, in the sandbox. */
import { reasonsOf, runProject } from './bench';
import type { Files } from './bench';

const TEST = `const { test } = require('node:test');
const assert = require('node:assert');
const { add } = require('../src/add.cjs');
test('adds', () => assert.strictEqual(add(1, 2), 3));
test('adds later', async () => { await new Promise((done) => setTimeout(done, 5)); assert.deepEqual([add(1, 2)], [3]); });
`;
const RIGHT = { 'src/add.cjs': 'exports.add = (a, b) => a + b;\n' };
const HONEST: Array<[string, Files, number]> = [
  ['CommonJS', { 'test/add.test.cjs': TEST }, 2],
  [
    'ESM',
    {
      'test/add.test.mjs':
        "import test from 'node:test'; import { strictEqual } from 'node:assert/strict'; import m from '../src/add.cjs'; test('adds', () => strictEqual(m.add(1, 2), 3));",
    },
    1,
  ],
  [
    'subtests and suites',
    {
      'test/a.test.cjs':
        "const { test, describe, it } = require('node:test'); test('a', async (t) => { await t.test('b', () => {}); }); describe('c', () => { it('d', () => {}); it('e', async () => {}); });",
    },
    4,
  ],
  [
    'hooks, mocks and fake timers',
    {
      'test/a.test.cjs':
        "const { test, mock, beforeEach } = require('node:test'); beforeEach(() => {}); test('a', () => { const f = mock.fn(); f(); mock.timers.enable(); mock.timers.reset(); });",
    },
    1,
  ],
  ['many files', Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`test/f${i}.test.cjs`, TEST])), 24],
  [
    'a slow test',
    {
      'test/a.test.cjs':
        "const { test } = require('node:test'); test('slow', () => new Promise((done) => setTimeout(done, 1200)));",
    },
    1,
  ],
  [
    'a test that starts another node',
    {
      'test/a.test.cjs':
        "const { test } = require('node:test'); const { execFileSync } = require('child_process'); const assert = require('assert'); test('a', () => assert.equal(String(execFileSync(process.execPath, ['-p', '1+1'])).trim(), '2'));",
    },
    1,
  ],
  [
    'a test that forks and starts a worker thread',
    {
      'child.cjs': "process.send?.('up');",
      'test/a.test.cjs':
        "const { test } = require('node:test'); test('fork', () => new Promise((done) => require('child_process').fork('./child.cjs').on('exit', done))); test('worker', () => new Promise((done) => new (require('worker_threads').Worker)('1', { eval: true }).on('exit', done)));",
    },
    2,
  ],
  [
    'a test that prints "not ok" and "# fail 3"',
    {
      'test/a.test.cjs':
        "const { test } = require('node:test'); test('a', () => console.log('not ok 1 - x\\n# fail 3'));",
    },
    1,
  ],
  [
    'a test that writes files and reads standard input',
    {
      'test/a.test.cjs':
        "const { test } = require('node:test'); const fs = require('fs'); test('a', () => { fs.writeFileSync('out.txt', '1'); fs.rmSync('out.txt'); fs.readFileSync(0); });",
    },
    1,
  ],
  [
    'a helper beside the tests',
    { 'test/helper.cjs': 'exports.one = 1;', 'test/add.test.cjs': `require('./helper.cjs');\n${TEST}` },
    2,
  ],
  [
    'a subclass that has its own push and every',
    {
      'test/a.test.cjs':
        "const { test } = require('node:test'); class L extends Array { every() { return 1; } push(x) { return super.push(x); } } test('a', () => { const l = new L(); l.every = 2; l.push(1); const { Readable } = require('stream'); const r = new Readable({ read() {} }); r.push('x'); });",
    },
    1,
  ],
];
test.each(HONEST)('honest: %s', async (_, files, passed) => {
  const run = await runProject({ runner: 'node-test', files: { ...RIGHT, ...files } });
  expect(reasonsOf(run)).toEqual([]);
  expect(run.counts).toMatchObject({ passed, failed: 0 });
});

test('lines that ran are told from lines that did not', async () => {
  const source = 'exports.pick = (a) => {\n  if (a) {\n    return 1;\n  }\n  return 2;\n};\n';
  const check = "require('node:test').test('a', () => require('assert').equal(require('../src/pick.cjs').pick(0), 2));";
  const run = await runProject({ runner: 'node-test', files: { 'src/pick.cjs': source, 'test/a.test.cjs': check } });
  expect(run.coverage?.['src/pick.cjs']).toEqual({ 1: 1, 2: 1, 3: 0, 5: 1 });
});
