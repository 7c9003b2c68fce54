/**
 * Honest builds in usual set-ups of projects: settings, packages, bases with red tests, and many forms of tests and code.
 */
import { GOOD_NPM } from '../packages';
import { AUDITED, FILES, examplesFile, tillFor } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import { goTill } from '../projects/go';
import { JAVASCRIPT, JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import type { JavaScript } from '../projects/javascript-flavours';
import { javaTill } from '../projects/java';
import { PYTEST } from '../projects/python-flavour';
import { rustTill } from '../projects/rust';
import type { Case, ScriptedBuild } from '../scripted-build';
import { FLAVOURS } from './cheat';
import { dependencyFiles } from './packages';

type Alter = (build: ScriptedBuild) => void;
const honestCase = (flavour: Flavour, name: string, alter: Alter = () => undefined): Case => ({
  name: `${name} (${flavour.runner})`,
  project: () => tillFor(flavour),
  alter,
});
const manifest = (flavour: JavaScript, more: object): string =>
  `${JSON.stringify({ ...flavour.manifest, ...more }, null, 2)}\n`;
/** An honest build whose base also has these files. */
const baseFilesCase = (flavour: Flavour, name: string, files: Record<string, string>): Case =>
  honestCase(flavour, name, ({ base }) => void Object.assign(base, files));
/** Moves and changes all files of the base and of the answers, and the paths in the answers. */
const mapFiles = (build: ScriptedBuild, map: (path: string, text: string) => [string, string]): void => {
  const all = <T extends Record<string, string | null>>(files: T): T =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => map(path, text ?? ''))) as T;
  build.base = all(build.base);
  build.code[0].files = all(build.code[0].files);
  build.audit[0].tests = all(build.audit[0].tests);
  const answersJson = JSON.stringify([build.audit[0].criteria, build.verification, build.deployment, build.planning]);
  const paths = [...answersJson.matchAll(/(?:src|test|till|tests)\/[\w./]+\.(?:js|py)/g)].map(([path]) => path);
  let changedJson = answersJson;
  for (const path of new Set(paths)) changedJson = changedJson.replaceAll(path, map(path, '')[0]);
  [build.audit[0].criteria, build.verification, build.deployment, build.planning] = JSON.parse(changedJson) as [
    ScriptedBuild['audit'][0]['criteria'],
    ScriptedBuild['verification'],
    ScriptedBuild['deployment'],
    ScriptedBuild['planning'],
  ];
};

const config = (inside: string): string =>
  `import { defineConfig } from 'vitest/config';\n\nexport default defineConfig({ ${inside} });\n`;
const redTestFile = (flavour: Flavour): string =>
  flavour.testFile([['an old fault that is known', flavour.assertEqual('1', '2')]], { price: true });

const PROJECT_SETTINGS: Case[] = [
  ...FLAVOURS.map((flavour) => honestCase(flavour, 'the till')),
  { name: 'the till (Go)', project: goTill, alter: () => undefined },
  { name: 'the till (Rust)', project: rustTill, alter: () => undefined },
  { name: 'the till (Java)', project: javaTill, alter: () => undefined },
  {
    name: 'the test command is go test -v',
    project: goTill,
    alter: ({ request }) => void (request.commands = { test: ['go', 'test', '-v', './...'] }),
  },
  honestCase(VITEST, 'the settings make test and expect global', (build) => {
    mapFiles(build, (path, text) => [path, text.replace(/^import \{ expect, test \} from 'vitest';\n/, '')]);
    build.base['vitest.config.js'] = config('test: { globals: true }');
  }),
  honestCase(VITEST, 'tests lie beside the sources, by an include of the settings', (build) => {
    mapFiles(build, (path, text) => [path.replace('test/', 'src/'), text.replace("'../src/", "'./")]);
    build.base['vitest.config.js'] = config("test: { include: ['src/**/*.test.js'] }");
  }),
  honestCase(JEST, 'the settings have a root folder and a pattern of tests, as NestJS writes them', (build) => {
    mapFiles(build, (path, text) => [
      path.replace('test/', 'src/').replace('.test.js', '.spec.js'),
      text.replace("'../src/", "'./"),
    ]);
    build.base['package.json'] = manifest(JEST, { jest: { rootDir: 'src', testRegex: '.*\\.spec\\.js$' } });
  }),
  honestCase(JEST, 'functions of jest are imported', ({ audit: [audit] }) => {
    const file = JEST.testPath(FILES.audit);
    audit.tests = { [file]: `const { expect, test } = require('@jest/globals');\n${examplesFile(JEST, AUDITED)}` };
  }),
  honestCase(MOCHA, 'the settings name the tests and what they load first', (build) => {
    mapFiles(build, (path, text) => [path.replace('test/', 'checks/'), text]);
    build.base['.mocharc.json'] = '{ "spec": ["checks/**/*.test.js"], "require": ["./checks/prepare.js"] }\n';
    build.base['checks/prepare.js'] = "process.env.TZ = 'UTC';\n";
  }),
  honestCase(PYTEST, 'the sources lie in src, by the settings', (build) => {
    mapFiles(build, (path, text) => [path.replace(/^till\//, 'src/till/'), text]);
    build.base['pyproject.toml'] =
      `${PYTEST.base['pyproject.toml']}\n[tool.pytest.ini_options]\npythonpath = ["src"]\n`;
  }),
  baseFilesCase(NODE, 'the test script sets the environment', {
    'package.json': manifest(NODE, { scripts: { test: 'NODE_ENV=test node --test' } }),
  }),
  honestCase(NODE, 'packages are installed by a setup command, and the build needs them', (build) => {
    Object.assign(build.base, dependencyFiles(GOOD_NPM), {
      'build.mjs': "import colors from 'picocolors';\nconsole.log(colors.green('built'));\n",
    });
    build.request.commands = { setup: ['npm', 'ci'], test: ['node', '--test'], build: ['node', 'build.mjs'] };
  }),
  honestCase(PYTEST, 'a virtual environment is made by the setup command', ({ request }) => {
    request.commands = {
      setup: ['sh', '-c', 'python3 -m venv .venv && .venv/bin/python -m pip install --quiet pytest'],
      test: ['.venv/bin/python', '-m', 'pytest'],
    };
  }),
  honestCase(NODE, 'a test program only counts what passed', (build) => {
    const run = `import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';

let passed = 0;
globalThis.check = (name, actual, expected) => {
  assert.equal(actual, expected, name);
  passed += 1;
};
for (const file of readdirSync('test')) await import('./test/' + file);
console.log(passed + ' passing');
`;
    const checks = (head: string, lines: string[]): string => `${head}\n${lines.join('\n')}\n`;
    build.base = {
      'package.json': manifest(NODE, { scripts: { test: 'node run-checks.mjs' } }),
      'run-checks.mjs': run,
      'src/price.js': NODE.priceCode,
      'test/price.js': checks("import { total } from '../src/price.js';", ["check('empty', total([]), 0);"]),
    };
    build.code[0].files = { [NODE.sourcePath]: NODE.rightCode };
    build.code[0].test_cases = [];
    build.audit[0].tests = {
      'test/discount.js': checks("import { toPay } from '../src/discount.js';", [
        `check('large', ${NODE.callFor(5000, 2)}, 9000);`,
        `check('small', ${NODE.callFor(9999, 1)}, 9999);`,
      ]),
    };
    for (const one of build.audit[0].criteria) one.tested_by = 'test/discount.js';
    for (const one of build.verification.checklist) one.evidence = NODE.sourcePath;
    for (const one of build.deployment.pre_checks) one.evidence = NODE.sourcePath;
  }),
];

const EXTRA_FILES: Case[] = [
  ...FLAVOURS.map((flavour) =>
    honestCase(flavour, 'the auditor brings a fixture beside its tests', ({ audit: [audit] }) => {
      audit.tests['test-data/baskets.json'] = '[[9999, 9999]]\n';
      const folder = flavour === PYTEST ? 'tests' : 'test';
      audit.tests = { ...audit.tests, [`${folder}/fixtures/baskets.json`]: '[[9999, 9999]]\n' };
      delete audit.tests['test-data/baskets.json'];
    }),
  ),
  ...[JEST, VITEST].map((flavour) =>
    honestCase(flavour, 'the auditor brings a test with its snapshot', ({ audit: [audit] }) => {
      const file = flavour.testPath('written');
      audit.tests[file] = flavour.testFile([
        ['what is paid is as in the snapshot', `expect(${flavour.callFor(20000, 1)}).toMatchSnapshot()`],
      ]);
      const head =
        flavour === JEST
          ? '// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing'
          : '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html';
      audit.tests[`test/__snapshots__/written.test.js.snap`] =
        `${head}\n\nexports[\`what is paid is as in the snapshot 1\`] = \`18000\`;\n`;
    }),
  ),
  ...FLAVOURS.filter((flavour) => flavour !== NODE).map((flavour) =>
    baseFilesCase(flavour, 'an unrelated test is red before and after', {
      [flavour.testPath('old')]: redTestFile(flavour),
    }),
  ),
  honestCase(
    NODE,
    'settings of a front end are added',
    ({ code: [first] }) => void (first.files['vite.config.js'] = "export default { root: 'web' };\n"),
  ),
  ...[NODE, PYTEST].map((flavour) =>
    honestCase(flavour, 'a manifest of Kubernetes names a secret by reference', ({ code: [first] }) => {
      first.files['deploy/till.yaml'] =
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: till\nspec:\n  containers:\n    - name: till\n      image: till:1\n      env:\n        - name: DB_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: till-database\n              key: password\n';
    }),
  ),
  ...JAVASCRIPT.map((flavour) =>
    honestCase(flavour, 'a test replaces JSON.stringify, and puts it back', ({ audit: [audit] }) => {
      audit.tests[flavour.testPath('mocked')] = flavour.testFile([
        [
          'a basket is written once',
          `const { stringify } = JSON;\n  let calls = 0;\n  JSON.stringify = (...given) => (calls++, stringify(...given));\n  JSON.stringify(${flavour.callFor(10000, 1)});\n  JSON.stringify = stringify;\n  ${flavour.assertEqual('calls', '1')};\n  ${flavour.assertEqual(flavour.callFor(10000, 1), '9000')}`,
        ],
      ]);
    }),
  ),
];

export const HONEST_SETTINGS: Case[] = [...PROJECT_SETTINGS, ...EXTRA_FILES];
