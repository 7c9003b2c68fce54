/** jest under watch, with this repository's own jest laid into the sandbox. Bent projects never pass, honest ones do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonsOf, runProject } from './bench';
import type { Files } from './bench';
import { copyPackages } from './test-tools';

const packages = mkdtempSync(join(tmpdir(), 'q-test-jest-'));
beforeAll(() => copyPackages(packages));
afterAll(() => rmSync(packages, { recursive: true, force: true }));

const readOnly = [{ from: packages, to: '/workspace/node_modules' }];
const WRONG = 'exports.add = (a, b) => a - b;\n';
const TEST = `const { add } = require('../src/add');
test('adds', () => expect(add(1, 2)).toBe(3));
`;
const config = (jest: object): Files => ({ 'package.json': JSON.stringify({ jest }) });

const BENT: Array<[string, Files, RegExp]> = [
  ['process.exit(0) in the code under test', { 'src/add.js': 'process.exit(0);' }, /was ended before/],
  [
    'a global setup that exits',
    { ...config({ globalSetup: './exit.js' }), 'exit.js': 'process.exit(0)' },
    /tests failed/,
  ],
  [
    'a global teardown that exits',
    { ...config({ globalTeardown: './exit.js' }), 'exit.js': 'module.exports = () => process.exit(0)' },
    /tests failed/,
  ],
  [
    'a setup file that exits',
    { ...config({ setupFiles: ['./exit.js'] }), 'exit.js': 'process.exit(0)' },
    /was ended before/,
  ],
  [
    'passWithNoTests and a pattern that finds none',
    { ...config({ passWithNoTests: true, testMatch: ['**/none/**'] }) },
    /tests failed/,
  ],
  [
    'a reporter and a runner of its own',
    { ...config({ reporters: [], runner: './run.js' }), 'run.js': '' },
    /tests failed/,
  ],
  [
    'expect.extend over toBe',
    { 'src/add.js': `${WRONG}expect.extend({ toBe: () => ({ pass: true, message: () => '' }) });` },
    /tests failed/,
  ],
  [
    'a matcher replaced where jest keeps them',
    {
      'src/add.js': `${WRONG}globalThis[Symbol.for('$$jest-matchers-object')].matchers.toHaveLength = () => ({ pass: true });`,
      'test/add.test.js':
        "const { add } = require('../src/add'); test('adds', () => expect([add(1, 2)]).toHaveLength(3));",
    },
    /tests failed/,
  ],
  [
    'expect replaced',
    { 'src/add.js': `${WRONG}global.expect = () => new Proxy({}, { get: () => () => {} });` },
    /tests failed/,
  ],
  ['Object.is of the realm patched', { 'src/add.js': `${WRONG}Object.is = () => true;` }, /tests failed/],
  [
    'Object.is of the outer realm patched',
    { 'src/add.js': `${WRONG}require('fs').statSync.constructor('Object.is = () => true')();` },
    /tests failed|was replaced/,
  ],
  ['test() replaced', { 'src/add.js': `${WRONG}global.test = () => {};` }, /tests failed/],
  ['test.skip', { 'test/add.test.js': TEST.replace('test(', 'test.skip(') }, /all 1 tests were skipped/],
  ['test.todo', { 'test/add.test.js': "test.todo('adds');" }, /skipped/],
  ['test.failing', { 'test/add.test.js': TEST.replace('test(', 'test.failing(') }, /skipped/],
  ['test.only on another', { 'test/add.test.js': `${TEST}test.only('fine', () => {});` }, /do not pass now: adds/],
  ['a suite that is skipped', { 'test/add.test.js': `describe.skip('s', () => { ${TEST} });` }, /skipped/],
  [
    'the test file gone',
    { 'test/add.test.js': '', 'test/b.test.js': "test('fine', () => {});" },
    /do not pass now: adds/,
  ],
  [
    'numbers printed to the output',
    { 'src/add.js': `${WRONG}process.stderr.write('Tests: 9 passed, 9 total\\n');` },
    /tests failed/,
  ],
];
test.each(BENT)('bent: %s', async (_, files, reason) => {
  const run = await runProject({
    ...{ runner: 'jest', readOnly },
    files: { 'package.json': '{}', 'src/add.js': WRONG, 'test/add.test.js': TEST, ...files },
  });
  expect(reasonsOf(run, ['adds']).join('; ')).toMatch(reason);
});

const HONEST: Array<[string, Files, number]> = [
  ['plain tests', {}, 1],
  [
    'suites, tables and async tests',
    {
      'test/b.test.js':
        "describe('s', () => { test.each([1, 2])('n %i', async (n) => { await null; expect(n).toBeGreaterThan(0); }); });",
    },
    3,
  ],
  [
    'mocks, fake timers and a matcher of its own',
    {
      'test/b.test.js':
        "expect.extend({ toBeOdd: (n) => ({ pass: n % 2 === 1, message: () => '' }) }); test('m', () => { jest.useFakeTimers(); const f = jest.fn(); f(1); expect(f).toHaveBeenCalledWith(1); expect(3).toBeOdd(); });",
    },
    2,
  ],
  [
    'a setup file after the environment',
    {
      ...config({ setupFilesAfterEnv: ['./setup.js'] }),
      'setup.js': 'globalThis.one = 1;',
      'test/b.test.js': "test('b', () => expect(one).toBe(1));",
    },
    2,
  ],
];
test.each(HONEST)('honest: %s', async (_, files, passed) => {
  const right = { 'package.json': '{}', 'src/add.js': 'exports.add = (a, b) => a + b;\n', 'test/add.test.js': TEST };
  const run = await runProject({ runner: 'jest', readOnly, files: { ...right, ...files } });
  expect(reasonsOf(run)).toEqual([]);
  expect(run.counts).toMatchObject({ passed, failed: 0 });
  expect(run.coverage?.['src/add.js']).toEqual({ 1: 1 });
});
