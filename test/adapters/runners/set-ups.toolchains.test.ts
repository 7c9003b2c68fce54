/** Tests usual set-ups of projects: scripts that call scripts, workspaces, compiled tests, settings that choose the tests. */
import { createNoSandbox } from '../../../src/adapters/sandbox/none';
import { reasonsOf, runProject } from './run-project';
import type { Files, Project } from './run-project';
import { CACHES, installManager, installRunners } from './test-tools';

let packages: string | undefined;
beforeAll(() => (packages = installRunners()), 320_000);

const json = (value: object) => JSON.stringify(value);
const NPM = ['npm', 'test'];
const run = (files: Files, options: Partial<Project> = {}) => {
  if (packages === undefined) throw new Error('npm could not install the runners');
  const readOnly = [{ from: packages, to: 'node_modules' }];
  return runProject({
    command: NPM,
    files,
    readOnly,
    scratch: CACHES.map((name) => `node_modules/${name}`),
    coverage: false,
    ...options,
  });
};
const testRows = (tests: Array<{ file: string; name: string; status: string }>) =>
  tests.map(({ file, name, status }) => [file, name, status]).sort();

test('P8: pretest, a script that calls scripts, NODE_ENV before the command, and compiled tests work', async () => {
  const testRun = await run({
    'package.json': json({
      scripts: {
        pretest: 'mkdir -p dist && cp src/a.test.mjs dist/',
        test: 'npm run lint && npm run unit',
        lint: 'node -e ""',
        unit: 'NODE_ENV=test node --test dist/',
        posttest: 'echo after all',
      },
    }),
    'src/a.test.mjs': `import { test } from 'node:test'; test('runs as a test', () => { if (process.env.NODE_ENV !== 'test') throw new Error('no'); });`,
  });
  expect(testRows(testRun.tests)).toEqual([['dist/a.test.mjs', 'runs as a test', 'passed']]);
  expect(testRun.output).toContain('after all');
  expect(reasonsOf(testRun)).toEqual([]);
});

test('P8: a test.js at the root, fixtures and helpers in test/, and a file with assertions only work', async () => {
  const testRun = await run({
    'package.json': json({ scripts: { test: 'node --test test.js test/plain.js test/helper.js && node test/run.js' } }),
    'test.js': `require('node:test')('at the root', () => {});`,
    'test/plain.js': `require('node:assert').equal(1 + 1, 2);`,
    'test/helper.js': 'exports.two = 2;',
    'test/fixtures/broken.test.js': 'throw new Error("a fixture is not run");',
    'test/run.js': `const Mocha = require('mocha'); new Mocha({ reporter: 'dot' }).addFile(require('path').join(__dirname, 'mocha.js')).run((failed) => process.exit(failed));`,
    'test/mocha.js': `it('by a script of its own', () => {});`,
  });
  expect(testRows(testRun.tests)).toEqual([
    ['test.js', 'at the root', 'passed'],
    ['test/mocha.js', 'by a script of its own', 'passed'],
    ['test/plain.js', '(file)', 'passed'],
  ]);
  expect(testRun.runner).toBe('mocha+node-test');
});

test('R4, R16: all tests of an npm workspace with vitest and node:test are counted, with their packages in the paths', async () => {
  const member = (name: string, test: string) => json({ name, version: '1.0.0', scripts: { test } });
  const testRun = await run(
    {
      'package.json': json({ private: true, workspaces: ['packages/*'] }),
      'packages/a/package.json': member('a', 'vitest run'),
      'packages/a/a.test.js': `import { test } from 'vitest'; test('adds', () => {}); test('is wrong', () => { throw new Error('no'); });`,
      'packages/b/package.json': member('b', 'node --test'),
      'packages/b/b.test.js': `require('node:test')('adds', () => {});`,
    },
    { command: ['npm', 'test', '--workspaces', '--if-present'] },
  );
  expect(testRun).toMatchObject({ runner: 'node-test+vitest', counts: { total: 3, passed: 2, failed: 1 } });
  expect(testRows(testRun.tests)).toEqual([
    ['packages/a/a.test.js', 'adds', 'passed'],
    ['packages/a/a.test.js', 'is wrong', 'failed'],
    ['packages/b/b.test.js', 'adds', 'passed'],
  ]);
});

test('R5: paths of a project in a folder begin at the root of the tree', async () => {
  const files = {
    'backend/package.json': json({ scripts: { test: 'mocha' } }),
    'backend/test/a.js': `it('adds', () => {});`,
  };
  const readOnly = [{ from: packages ?? '', to: 'backend/node_modules' }];
  const testRun = await runProject({ command: NPM, files, workdir: 'backend', readOnly, coverage: false });
  expect(testRows(testRun.tests)).toEqual([['backend/test/a.js', 'adds', 'passed']]);
});

const SETTINGS: Array<[string, Files, string]> = [
  [
    'vitest with globals and reporters',
    {
      'package.json': json({ scripts: { test: 'vitest run' } }),
      'vitest.config.mjs': `export default { test: { globals: true, reporters: ['dot', ['junit', { outputFile: 'out/junit.xml' }]] } };`,
      'a.test.js': `test('adds', () => expect(1 + 1).toBe(2));`,
    },
    'adds',
  ],
  [
    'jest with rootDir, testRegex and reporters',
    {
      'package.json': json({
        scripts: { test: 'jest' },
        jest: {
          rootDir: 'src',
          testRegex: '.*\\.spec\\.js$',
          reporters: ['default', '<rootDir>/../reporter.js'],
          bail: true,
        },
      }),
      'reporter.js': `module.exports = class { onRunComplete() { console.log('its own reporter'); } };`,
      'src/a.spec.js': `test('adds', () => expect(1 + 1).toBe(2));`,
      'src/a.test.js': `throw new Error('no test of this project');`,
    },
    'adds',
  ],
  [
    'jest with projects',
    {
      'package.json': json({ scripts: { test: 'jest' }, jest: { projects: ['<rootDir>/packages/*'] } }),
      'packages/a/package.json': json({ jest: { displayName: 'a' } }),
      'packages/a/a.test.js': `test('adds', () => {});`,
    },
    'adds',
  ],
  [
    '.mocharc.json with a spec, a setup file and parallel workers',
    {
      'package.json': json({ scripts: { test: 'mocha' } }),
      '.mocharc.json': json({ spec: 'checks/*.js', require: './setup.js', parallel: true }),
      'setup.js': 'global.two = 2;',
      'checks/a.js': `it('adds', () => { if (two !== 2) throw new Error('no'); });`,
    },
    'adds',
  ],
];

test.each(SETTINGS)('R3: %s runs by its own settings', async (_, files, name) => {
  const testRun = await run(files);
  expect({ reasons: reasonsOf(testRun), output: testRun.output }).toMatchObject({ reasons: [] });
  expect(testRun.tests).toMatchObject([{ name, status: 'passed' }]);
  if (files['reporter.js'] !== undefined) expect(testRun.output).toContain('its own reporter');
  expect(testRun.counts?.total).toBe(1);
});

test.each([
  ['pnpm', 'pnpm@9'],
  ['yarn', 'yarn@1'],
])('P8: a test script that %s starts is recorded', async (manager, version) => {
  const { folder, program } = installManager(manager, version);
  const testRun = await run(
    {
      'package.json': json({ scripts: { test: 'jest' } }),
      'a.test.js': `test('adds', () => {});`,
    },
    {
      command: ['node', `/manager/${program}`, 'test'],
      readOnly: [
        { from: packages ?? '', to: 'node_modules' },
        { from: folder, to: '/manager' },
      ],
    },
  );
  expect({ tests: testRows(testRun.tests), output: testRun.output, runner: testRun.runner }).toMatchObject({
    tests: [['a.test.js', 'adds', 'passed']],
    runner: 'jest',
  });
});

test('settings of the base replace those of the tree, and locked tests replace files of the base', async () => {
  const testRun = await run(
    { 'package.json': json({ scripts: { test: 'true' } }), 'test/a.js': 'it("is emptied", () => {})' },
    {
      laidFiles: [{ path: 'package.json', text: json({ scripts: { test: 'mocha' } }) }],
      lockedTests: [{ path: 'test/a.js', text: `it('adds', () => { throw new Error('no'); });` }],
    },
  );
  expect(testRows(testRun.tests)).toEqual([['test/a.js', 'adds', 'failed']]);
});

test('without a sandbox the reporters are used from their own folder', async () => {
  const testRun = await runProject({
    sandbox: createNoSandbox(),
    files: { 'a.test.js': `require('node:test')('adds', () => {});` },
    command: ['node', '--test'],
    coverage: false,
  });
  expect(testRows(testRun.tests)).toEqual([['a.test.js', 'adds', 'passed']]);
  expect(testRun).toMatchObject({ runner: 'node-test', sentinel: { kept: true } });
});

test('a locked test that the command does not name is run, too, and no test runs twice', async () => {
  const testRun = await run(
    { 'test/a.test.js': `require('node:test')('adds', () => {});` },
    {
      command: ['node', '--test', 'test/a.test.js'],
      lockedTests: [
        { path: 'test/a.test.js', text: `require('node:test')('adds', () => {});` },
        { path: 'test/b.test.js', text: `require('node:test')('is locked', () => { throw new Error('no'); });` },
      ],
    },
  );
  expect(testRun).toMatchObject({ counts: { total: 2, passed: 1, failed: 1 }, failing: ['is locked'], exitCode: 1 });
  expect(testRun.failures).toMatchObject([
    { file: 'test/b.test.js', message: expect.stringContaining('no') as string },
  ]);
});

test('node:test: a file that ends the process before a test has failed, and coverage needs no variable', async () => {
  const testRun = await run(
    {
      'package.json': json({ scripts: { test: 'node --test' } }),
      'sum.js': 'exports.add = (a, b) => a + b;\nexports.never = () => {\n  return 1;\n};\n',
      'a.test.js': `const { test } = require('node:test'); const { add } = require('./sum'); test('adds', () => { if (add(1, 1) !== 2 || process.env.NODE_V8_COVERAGE) throw new Error('no'); });`,
      'b.test.js': `process.exit(0); require('node:test')('never runs', () => {});`,
    },
    { coverage: true },
  );
  expect(testRows(testRun.tests)).toEqual([
    ['a.test.js', 'adds', 'passed'],
    ['b.test.js', '(file)', 'failed'],
  ]);
  expect(testRun.coverage?.['sum.js']).toMatchObject({ 1: 1, 3: 0 });
});
