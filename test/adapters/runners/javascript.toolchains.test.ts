/** Tests JavaScript runners, each by its own command and settings: every test is named, and no test sees a reporter. */
import { runProject } from './run-project';
import type { Files } from './run-project';
import { CACHES, installRunners } from './test-tools';

let packages: string | undefined;
beforeAll(() => (packages = installRunners()), 320_000);

const script = (test: string, more: object = {}): Files => ({
  'package.json': JSON.stringify({ scripts: { test }, ...more }),
});
const run = (files: Files, command = ['npm', 'test']) => {
  if (packages === undefined) throw new Error('npm could not install the runners');
  const readOnly = [{ from: packages, to: 'node_modules' }];
  return runProject({
    files,
    command,
    readOnly,
    scratch: CACHES.map((name) => `node_modules/${name}`),
    coverage: false,
  });
};

/** Code for a test that fails if it sees a trace of the reporters. */
const CHECK_TRACES = `
  const seen = JSON.stringify([process.argv, process.execArgv, process.env]);
  if (/reporters|_q_reporter/.test(seen)) throw new Error(seen);
`;

const CASES: Array<[runner: string, files: Files, testFile: string]> = [
  [
    'node-test',
    {
      ...script('node --test'),
      'test/a.test.js': `const { test, describe } = require('node:test'); const assert = require('node:assert'); BODY`,
    },
    'test/a.test.js',
  ],
  [
    'node-test',
    {
      ...script('node --import tsx --test test/*.test.ts'),
      'test/a.test.ts': `import { test, describe } from 'node:test'; import assert from 'node:assert'; const x: number = 1; BODY`,
    },
    'test/a.test.ts',
  ],
  ['jest', { ...script('jest'), 'src/a.test.js': `const assert = require('node:assert'); BODY` }, 'src/a.test.js'],
  [
    'vitest',
    {
      ...script('vitest run'),
      'src/a.test.js': `import { test, describe } from 'vitest'; import assert from 'node:assert'; BODY`,
    },
    'src/a.test.js',
  ],
  [
    'mocha',
    { ...script('mocha'), 'test/a.js': `const assert = require('node:assert'); const test = it; BODY` },
    'test/a.js',
  ],
  [
    'jasmine',
    {
      ...script('jasmine "spec/*.js"'),
      'spec/a.js': `const assert = require('node:assert'); const test = it; test.skip = xit; BODY`,
    },
    'spec/a.js',
  ],
  [
    'playwright',
    {
      ...script('playwright test'),
      'a.spec.js': `const { test } = require('@playwright/test'); const { describe } = test; const assert = require('node:assert'); BODY`,
    },
    'a.spec.js',
  ],
];
const BODY = `
  test('sees no trace', () => { ${CHECK_TRACES} });
  describe('group', () => {
    test('adds', () => { assert.equal(1 + 1, 2); });
    test('is wrong', () => { assert.equal(1 + 1, 3); });
    test.skip('later', () => {});
  });
`;

test.each(CASES)(
  'P8, P11: %s runs by its own command; tests are named with their files, and see no trace of the reporters',
  async (runner, files, file) => {
    const completeFiles = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replace('BODY', BODY)]),
    );
    const { output, ...testRun } = await run(completeFiles);
    expect({ ...testRun, output }).toMatchObject({ runner, counts: { total: 4, passed: 2, failed: 1, skipped: 1 } });
    const testRows = testRun.tests.map((one) => [one.file, one.name, one.status]);
    expect(testRows.sort()).toEqual([
      [file, 'group > adds', 'passed'],
      [file, 'group > is wrong', 'failed'],
      [file, 'group > later', 'skipped'],
      [file, 'sees no trace', 'passed'],
    ]);
    expect(testRun.sentinel).toEqual({ kept: true, reason: '' });
    expect(testRun.failures).toMatchObject([
      { file, name: 'group > is wrong', message: expect.stringMatching(/2/) as string },
    ]);
    expect(testRun.exitCode).not.toBe(0);
  },
);

const ASSERTS = `const assert = require('node:assert');`;
const MORE_CASES: Array<
  [name: string, runner: string, files: Files, tests: Array<[file: string, name: string, status: string]>]
> = [
  [
    'ava',
    'tap',
    {
      ...script('ava'),
      'test/a.js': `const test = require('ava'); test('adds', (t) => t.is(1 + 1, 2)); test('is wrong', (t) => t.is(1 + 1, 3)); test.skip('later', (t) => t.pass()); test('sees no trace', (t) => { ${CHECK_TRACES.replace('process.argv,', '')} t.pass(); });`,
    },
    [
      ['', 'adds', 'passed'],
      ['', 'is wrong', 'failed'],
      ['', 'later', 'skipped'],
      ['', 'sees no trace', 'passed'],
    ],
  ],
  [
    'uvu',
    'uvu',
    {
      ...script('uvu test'),
      'test/a.js': `const { suite, test } = require('uvu'); ${ASSERTS} test('adds', () => {}); test('sees no trace', () => { ${CHECK_TRACES} }); test.run(); const group = suite('group'); group('is wrong', () => assert.equal(1, 2)); group.run();`,
    },
    [
      ['test/a.js', 'adds', 'passed'],
      ['test/a.js', 'group > is wrong', 'failed'],
      ['test/a.js', 'sees no trace', 'passed'],
    ],
  ],
  [
    'uvu as a module',
    'uvu',
    {
      ...script('uvu test', { type: 'module' }),
      'test/a.js': `import { test } from 'uvu'; test('adds', () => {}); test('is wrong', () => { throw new Error('no'); }); test.run();`,
    },
    [
      ['test/a.js', 'adds', 'passed'],
      ['test/a.js', 'is wrong', 'failed'],
    ],
  ],
  [
    'tap',
    'tap',
    {
      ...script('tap --disable-coverage --allow-empty-coverage'),
      'test/a.js': `const t = require('tap'); t.test('adds', (t) => { t.equal(1 + 1, 2); t.end(); }); t.test('is wrong', (t) => { t.equal(1 + 1, 3, 'sum'); t.end(); });`,
    },
    [
      ['test/a.js', 'adds > should be equal', 'passed'],
      ['test/a.js', 'is wrong > sum', 'failed'],
    ],
  ],
  [
    'tape',
    'tap',
    {
      ...script('node test.js'),
      'test.js': `const test = require('tape'); test('adds', (t) => { t.plan(2); t.equal(1 + 1, 2, 'sum'); t.equal(1, 2, 'two'); });
test('is kept', (t) => { t.equal(1, 1, 'one'); t.ok(true, 'yes'); t.end(); });`,
    },
    [
      ['', 'adds', 'failed'],
      ['', 'is kept', 'passed'],
    ],
  ],
  [
    'node:test without --test',
    'node-test',
    {
      ...script('node test.js'),
      'test.js': `const { test, describe } = require('node:test'); ${ASSERTS} describe('group', () => { test('adds', () => {}); test('is wrong', () => assert.equal(1, 2)); });`,
    },
    [
      ['', 'group > adds', 'passed'],
      ['', 'group > is wrong', 'failed'],
    ],
  ],
  [
    'a script that calls run() of node:test, as borp does, with a reporter of its own',
    'node-test',
    {
      ...script('node run.mjs', { type: 'module' }),
      'run.mjs': `import { run } from 'node:test'; const names = []; const stream = run({ files: ['test/a.test.js'] });
stream.on('test:fail', () => (process.exitCode = 1)); for await (const { type } of stream) names.push(type); console.log('events', names.length > 0);`,
      'test/a.test.js': `import { test, describe } from 'node:test'; import assert from 'node:assert'; describe('group', () => { test('adds', () => {}); test('is wrong', () => assert.equal(1, 2)); });`,
    },
    [
      ['test/a.test.js', 'group > adds', 'passed'],
      ['test/a.test.js', 'group > is wrong', 'failed'],
    ],
  ],
  [
    'a script that calls run() of node:test and only listens',
    'node-test',
    {
      ...script('node run.mjs', { type: 'module' }),
      'run.mjs': `import { run } from 'node:test'; run({ files: ['test/a.test.js'] }).on('test:fail', () => (process.exitCode = 1));`,
      'test/a.test.js': `import { test } from 'node:test'; import assert from 'node:assert'; test('adds', () => {}); test('is wrong', () => assert.equal(1, 2));`,
    },
    [
      ['test/a.test.js', 'adds', 'passed'],
      ['test/a.test.js', 'is wrong', 'failed'],
    ],
  ],
  [
    'jasmine that tests a program with jasmine in it',
    'jasmine',
    {
      ...script('jasmine "spec/*.js"'),
      'spec/a.js': `const Jasmine = require('jasmine'); const { spawnSync } = require('node:child_process');
it('adds', async () => { const env = { addReporter() { throw new Error('a reporter of somebody else'); } };
  await Jasmine.prototype.execute.call({ env, loadSpecs() { throw new Error('mine'); } }).catch(({ message }) => expect(message).not.toContain('somebody')); });
it('is wrong', () => { const { status } = spawnSync('node_modules/.bin/jasmine', ['inner.js']); expect(status).toBe(4); expect(1).toBe(2); });`,
      'inner.js': `process.exit(4);`,
    },
    [
      ['spec/a.js', 'adds', 'passed'],
      ['spec/a.js', 'is wrong', 'failed'],
    ],
  ],
];

test.each(MORE_CASES)('P9: %s, read as %s, names its tests', async (_, runner, files, expected) => {
  const { output, ...testRun } = await run(files);
  const testRows = testRun.tests.map(({ file, name, status }) => [file, name, status]);
  expect({ testRows: testRows.sort(), runner: testRun.runner, output }).toMatchObject({
    testRows: [...expected].sort(),
    runner,
  });
  expect(testRun.counts?.failed).toBe(1);
  expect(testRun.failures).toHaveLength(1);
  expect(testRun.sentinel?.kept ?? true).toBe(true);
});
