/** Finds the files that runner settings load or that commands run. */
import { TILL, judgesOf } from './small-trees';
import type { Files, JudgeOptions } from './small-trees';

test.each<[string, Files, JudgeOptions, string[]]>([
  [
    'jest loads set-up files, environments and presets of the repository',
    {
      'jest.config.js':
        "export default { preset: './config/preset.js', setupFiles: ['<rootDir>/config/first.ts'], collectCoverageFrom: ['src/lonely.js'] };\n",
      'config/preset.js': "import './parts.js';\n",
      'config/parts.js': '1;\n',
      'config/first.ts': '1;\n',
      'config/other.ts': '1;\n',
      'src/lonely.js': '1;\n',
    },
    {},
    ['config/first.ts', 'config/parts.js', 'config/preset.js', 'jest.config.js'],
  ],
  [
    'settings of a runner in package.json load files, too',
    { 'package.json': '{"mocha":{"require":"./config/hooks.cjs","spec":"src/price.js"}}', 'config/hooks.cjs': '1;\n' },
    {},
    ['config/hooks.cjs'],
  ],
  [
    'mocha in YAML, and a file of options',
    { '.mocharc.yml': 'require:\n  - ./config/hooks.cjs\nspec: src/*.js\n', 'config/hooks.cjs': '1;\n' },
    {},
    ['.mocharc.yml', 'config/hooks.cjs'],
  ],
  [
    'tsconfig of the tests and what it extends',
    {
      'tsconfig.test.json': '{ "extends": "./config/strict.json", "include": ["src/price.js"] }',
      'config/strict.json': '{}',
    },
    {},
    ['config/strict.json', 'tsconfig.test.json'],
  ],
  [
    'a smoke test and what it imports from its folder; not the product that it starts',
    {
      'scripts/smoke.js': "import './smoke/ask.js';\nimport '../src/server.js';\n",
      'scripts/smoke/ask.js': '1;\n',
      'scripts/other.js': '1;\n',
      'src/server.js': "import './price.js';\n",
    },
    { programs: ['scripts/smoke.js'] },
    ['scripts/smoke.js', 'scripts/smoke/ask.js'],
  ],
  [
    'a smoke test that starts the product itself adds no judge',
    { 'src/cli.js': "import './price.js';\n" },
    { programs: ['src/cli.js'] },
    [],
  ],
  [
    'the program of the tests judges; a source that a linter before it names does not',
    {
      'package.json': '{"main":"src/price.js"}',
      'run.mjs': '1;\n',
    },
    { testPrograms: ['run.mjs', 'src/price.js'] },
    ['run.mjs'],
  ],
  [
    'a script of deployment',
    { 'deploy.sh': 'node ops/up.js\n', 'ops/up.js': '1;\n' },
    { programs: ['deploy.sh'] },
    ['deploy.sh'],
  ],
])('%s', async (_name, files, more, expected) => {
  expect(Object.keys(await judgesOf({ ...TILL, ...files }, more)).sort()).toEqual(
    [...expected, 'test/price.test.js'].sort(),
  );
});
