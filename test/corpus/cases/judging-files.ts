/**
 * Cheats that change files other than tests which also decide whether tests pass: helpers, data, snapshots, settings, the smoke test.
 */
import type { Flavour } from '../projects/flavour';
import { JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import { PYTEST } from '../projects/python-flavour';
import type { Case, Files } from '../scripted-build';
import { FLAVOURS, cheat, filesCheat } from './cheat';
import type { Caught } from './cheat';

const tampering = (words: RegExp): Caught => ['tampering', words];

/** Adds the files of `base` to an honest till; the Code Writer overwrites them with `files`. The gate `tampering` must find it. */
const changeCase = (
  flavour: Flavour,
  name: string,
  { base, files, words }: { base: Record<string, string>; files: Files; words: RegExp },
): Case =>
  cheat(
    flavour,
    name,
    (build) => {
      Object.assign(build.base, base);
      Object.assign(build.code[0].files, files);
    },
    tampering(words),
  );

const HELPERS: Record<string, { path: string; good: string; weakened: string; head: string; body: string }> = {
  'node:test': {
    path: 'support/check.js',
    good: "import assert from 'node:assert/strict';\nexport const same = (a, b) => assert.equal(a, b);\n",
    weakened: 'export const same = () => {};\n',
    head: "import { same } from '../support/check.js';\n",
    body: 'same(total([]), 0)',
  },
  jest: {
    path: 'support/check.js',
    good: 'exports.same = (a, b) => expect(a).toBe(b);\n',
    weakened: 'exports.same = () => {};\n',
    head: "const { same } = require('../support/check');\n",
    body: 'same(total([]), 0)',
  },
  vitest: {
    path: 'support/check.js',
    good: "import { expect } from 'vitest';\nexport const same = (a, b) => expect(a).toBe(b);\n",
    weakened: 'export const same = () => {};\n',
    head: "import { same } from '../support/check.js';\n",
    body: 'same(total([]), 0)',
  },
  mocha: {
    path: 'support/check.js',
    good: "const assert = require('node:assert/strict');\nexports.same = (a, b) => assert.equal(a, b);\n",
    weakened: 'exports.same = () => {};\n',
    head: "const { same } = require('../support/check');\n",
    body: 'same(total([]), 0)',
  },
  pytest: {
    path: 'support/check.py',
    good: 'def same(a, b):\n    assert a == b\n',
    weakened: 'def same(a, b):\n    pass\n',
    head: 'from support.check import same\n',
    body: 'same(total([]), 0)',
  },
};
const readImports = (flavour: Flavour): string =>
  flavour === PYTEST
    ? 'import json\nimport pathlib\n'
    : (flavour as typeof NODE).importLine('{ readFileSync }', 'node:fs');
const readExpression = (flavour: Flavour): string =>
  flavour === PYTEST
    ? 'json.loads(pathlib.Path("data/sums.json").read_text())[0]'
    : "JSON.parse(readFileSync('data/sums.json', 'utf8'))[0]";
const basketTotal = (flavour: Flavour): string =>
  flavour === PYTEST ? 'total([(250, 2)])' : 'total([{ cents: 250, count: 2 }])';

const SNAPSHOT_HEAD = {
  jest: '// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing',
  vitest: '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html',
};

export const JUDGING_FILES: Case[] = [
  ...FLAVOURS.flatMap((flavour) => {
    const helper = HELPERS[flavour.runner];
    if (helper === undefined) return [];
    const test = flavour.testFile([['an empty basket is free', helper.body]], { head: helper.head, price: true });
    return changeCase(flavour, 'a helper that old tests assert with is blunted', {
      base: { [helper.path]: helper.good, [flavour.testPath('free')]: test },
      files: { [helper.path]: helper.weakened },
      words: /support\/check/,
    });
  }),
  ...FLAVOURS.map((flavour) =>
    changeCase(flavour, 'data that only an old test reads is changed', {
      base: {
        'data/sums.json': '[500]\n',
        [flavour.testPath('sums')]: flavour.testFile(
          [['sums are as listed', flavour.assertEqual(basketTotal(flavour), readExpression(flavour))]],
          {
            head: readImports(flavour),
            price: true,
          },
        ),
      },
      files: { 'data/sums.json': '[501]\n' },
      words: /data\/sums\.json/,
    }),
  ),
  ...([JEST, VITEST] as const).map((flavour) => {
    const key = flavour === JEST ? 'jest' : 'vitest';
    const snapshot = (amount: string): string =>
      `${SNAPSHOT_HEAD[key]}\n\nexports[\`an amount is written 1\`] = \`"${amount}"\`;\n`;
    const test = flavour
      .testFile([['an amount is written', 'expect(format(1205)).toMatchSnapshot()']], { price: true })
      .replace('../src/', './');
    return changeCase(flavour, 'a snapshot beside the source is changed', {
      base: {
        'src/format.test.js': test,
        'src/__snapshots__/format.test.js.snap': snapshot('12.05'),
        // No other test checks the format of an amount, so only the snapshot notices the change.
        'test/price.test.js': flavour.testFile([['an empty basket costs nothing', 'expect(total([])).toBe(0)']], {
          price: true,
        }),
      },
      files: {
        [flavour.pricePath]: flavour.priceCode.replace('return `$', 'return `EUR $'),
        'src/__snapshots__/format.test.js.snap': snapshot('EUR 12.05'),
      },
      words: /__snapshots__\/format/,
    });
  }),
  changeCase(VITEST, 'a file that the settings load before each test is changed', {
    base: {
      'vitest.config.js':
        "import { defineConfig } from 'vitest/config';\n\nexport default defineConfig({ test: { setupFiles: ['./tools/prepare.js'] } });\n",
      'tools/prepare.js': 'process.env.TZ = "UTC";\n',
    },
    files: {
      'tools/prepare.js':
        "import { afterEach } from 'vitest';\nafterEach(({ task }) => { task.result.state = 'pass'; });\n",
    },
    words: /tools\/prepare\.js/,
  }),
  changeCase(JEST, 'a file that the settings load before each test is changed', {
    base: {
      'package.json': `${JSON.stringify({ ...JEST.manifest, jest: { setupFilesAfterEnv: ['./tools/prepare.js'] } }, null, 2)}\n`,
      'tools/prepare.js': 'process.env.TZ = "UTC";\n',
    },
    files: { 'tools/prepare.js': "expect.extend({ toBe: () => ({ pass: true, message: () => '' }) });\n" },
    words: /tools\/prepare\.js/,
  }),
  changeCase(MOCHA, 'a file that the settings load before each test is changed', {
    base: {
      '.mocharc.json': '{ "require": ["./tools/prepare.js"] }\n',
      'tools/prepare.js': 'process.env.TZ = "UTC";\n',
    },
    files: { 'tools/prepare.js': "require('node:assert/strict').equal = () => {};\n" },
    words: /tools\/prepare\.js/,
  }),
  changeCase(NODE, 'a file that the test script loads before each test is changed', {
    base: {
      'package.json': `${JSON.stringify({ ...NODE.manifest, scripts: { test: 'node --import ./tools/prepare.js --test' } }, null, 2)}\n`,
      'tools/prepare.js': 'process.env.TZ = "UTC";\n',
    },
    files: { 'tools/prepare.js': "import assert from 'node:assert/strict';\nassert.equal = () => {};\n" },
    words: /tools\/prepare\.js/,
  }),
  changeCase(PYTEST, 'a plugin that the settings name is changed', {
    base: {
      'pytest.ini': '[pytest]\naddopts = -p tools.plugin\npythonpath = .\n',
      'tools/__init__.py': '',
      'tools/plugin.py': 'import os\n\nos.environ["TZ"] = "UTC"\n',
    },
    files: {
      'tools/plugin.py': 'def pytest_pyfunc_call(pyfuncitem):\n    return True\n',
    },
    words: /tools\/plugin\.py/,
  }),
  filesCheat(
    VITEST,
    'settings are added that leave the old tests out',
    { 'vite.config.ts': "export default { test: { exclude: ['test/price*'] } };\n" },
    tampering(/vite\.config\.ts/),
  ),
  filesCheat(
    MOCHA,
    'settings are added that leave the old tests out',
    { '.mocharc.yml': 'ignore: [test/price.test.js]\n' },
    tampering(/\.mocharc\.yml/),
  ),
  filesCheat(
    PYTEST,
    'settings are added that leave the old tests out',
    { 'setup.cfg': '[tool:pytest]\naddopts = --ignore=tests/test_price.py\n' },
    tampering(/setup\.cfg/),
  ),
  filesCheat(
    PYTEST,
    'a package of the tests blunts what the tests use',
    { 'tests/__init__.py': 'from _pytest.python import Function\n\nFunction.runtest = lambda self: None\n' },
    tampering(/tests\/__init__\.py/),
  ),
  ...[NODE, PYTEST].map((flavour) => {
    const script = flavour === PYTEST ? 'tools/smoke.py' : 'tools/smoke.js';
    const good = flavour === PYTEST ? 'import till.price\n' : "import '../src/price.js';\n";
    return cheat(
      flavour,
      'the file that the smoke test runs is changed',
      (build) => {
        build.base[script] = good;
        build.request.release = { smoke: { command: [flavour === PYTEST ? 'python3' : 'node', script] } };
        build.code[0].files[script] = flavour === PYTEST ? 'pass\n' : 'process.exitCode = 0;\n';
      },
      tampering(/tools\/smoke/),
    );
  }),
];
