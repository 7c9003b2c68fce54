/**
 * Tests files that a Test Auditor must not write: settings, packages, production code, and binary code.
 */
import type { FileChange } from '../../../src/ports/workspace';
import { openTestContext } from '../on-activity';
import type { TestContext } from '../on-activity';
import { auditChange, WITH_CURRENCY } from './audited';

type Tree = Record<string, string>;

let answer: () => object = () => ({});
let testContext: TestContext;
beforeAll(async () => {
  testContext = await openTestContext(() => ({ output: answer() }));
});
afterAll(() => testContext?.close());

const OWN_TEST = `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { format } from '../src/price.js';

test('a currency', () => assert.match(format(1), /EUR/));
`;
const answerWithAdded = (files: FileChange[]) => () => ({
  ...{ verdict: 'pass', objections: [], tests_added: files, tests_updated: [], test_command: [] },
  criteria: [{ criterion_id: 'C1', tested_by: 'a currency', satisfied: true, note: '' }],
});

test.each<[string, FileChange[], RegExp]>([
  [
    'a setting of npm that its test reads',
    [
      { path: 'test/own.test.js', content: `${OWN_TEST}readFileSync('.npmrc');\nreadFileSync('../.npmrc');\n` },
      { path: '.npmrc', content: 'node-options=--import=./test/boot.mjs\n' },
    ],
    /may add tests only; \.npmrc is none/,
  ],
  [
    'a package that its test reads',
    [
      { path: 'test/own.test.js', content: `${OWN_TEST}import '../node_modules/left/index.js';\n` },
      { path: 'node_modules/left/index.js', content: 'export {};\n' },
    ],
    /may add tests only; node_modules\/left\/index\.js is none/,
  ],
  [
    'production code that its test reads',
    [
      { path: 'test/own.test.js', content: `${OWN_TEST}import '../src/evil.js';\n` },
      { path: 'src/evil.js', content: 'export {};\n' },
    ],
    /may add tests only; src\/evil\.js is none/,
  ],
  ['a test with a NUL in it', [{ path: 'test/own.test.js', content: `${OWN_TEST}// \u0000\n` }], /NUL|no text/],
  [
    'a deleted old test among the added tests',
    [
      { path: 'test/own.test.js', content: OWN_TEST },
      { path: 'test/price.test.js', content: null },
    ],
    /test\/price\.test\.js existed before: list it under tests_updated/,
  ],
  [
    'a helper that replaces assertions by functions',
    [
      { path: 'test/own.test.js', content: `import './boot.mjs';\n${OWN_TEST}` },
      {
        path: 'test/boot.mjs',
        content: "import assert from 'node:assert';\nfor (const name of ['equal', 'ok']) assert[name] = () => {};\n",
      },
    ],
    /another function in the place of an assertion/,
  ],
])('tests of a Test Auditor are refused with %s', async (what, files, objection) => {
  answer = answerWithAdded(files);
  const { outcome, task } = await auditChange(testContext, `never-${what.replace(/\W+/g, '-').slice(0, 30)}`, {});
  expect(outcome.objections?.join('\n')).toMatch(objection);
  const { commit = '' } = outcome;
  const paths = (await testContext.deps.workspace.list({ ...task, commit })).map(({ path }) => path);
  expect(paths).not.toContain('test/own.test.js');
  expect(paths).toContain('test/price.test.js');
});

test('a data file of the product is refused, even if many old test files contain its name', async () => {
  const named = '// rates\n'.repeat(60);
  const tests = Array.from({ length: 11 }, (_, index) => [`a/tests/t${index}.test.js`, named]);
  answer = answerWithAdded([
    { path: 'test/own.test.js', content: `${OWN_TEST}readFileSync('../data/rates.json');\n` },
    { path: 'data/rates.json', content: '{}\n' },
  ]);
  const source = `${WITH_CURRENCY}// what of rates?\n`;
  const { outcome } = await auditChange(testContext, 'many-names', {
    source,
    otherBaseFiles: Object.fromEntries(tests) as Tree,
  });
  expect(outcome.objections?.join('\n')).toMatch(/may add tests only; data\/rates\.json is none/);
});
