/**
 * Imports that fail in production are found: packages for developers only, and files of the tests.
 */
import { DEV_MANIFEST, MANIFEST, IMPORTS_DAYJS, pythonChange, findingsOf } from './example-tree';
import type { ExampleChange } from './example-tree';

test.each<[string, ExampleChange, RegExp]>([
  [
    'a package of devDependencies',
    { base: { 'package.json': DEV_MANIFEST }, files: { 'src/a.js': IMPORTS_DAYJS } },
    /src\/a.js imports dayjs, which only devDependencies/,
  ],
  [
    'a package of devDependencies, by require',
    { base: { 'package.json': DEV_MANIFEST }, files: { 'src/a.js': "const { utc } = require('dayjs/plugin/utc');\n" } },
    /dayjs/,
  ],
  [
    'a package of devDependencies, used as a value in TypeScript',
    {
      base: { 'package.json': DEV_MANIFEST },
      files: { 'src/a.ts': "import dayjs, { type Dayjs } from 'dayjs';\nexport const a = (): Dayjs => dayjs();\n" },
    },
    /dayjs/,
  ],
  [
    'a package of devDependencies, re-exported',
    { base: { 'package.json': DEV_MANIFEST }, files: { 'src/a.mjs': "export { default } from 'dayjs';\n" } },
    /dayjs/,
  ],
  [
    'a package that nothing declares',
    { base: { 'package.json': DEV_MANIFEST }, files: { 'lib/a.js': "import { chunk } from 'lodash';\nchunk([]);\n" } },
    /no package.json declares/,
  ],
  [
    'a package of the workspace above that only developers have',
    {
      base: { 'package.json': DEV_MANIFEST, 'packages/a/package.json': MANIFEST({ name: 'a', dependencies: {} }) },
      files: { 'packages/a/src/a.js': IMPORTS_DAYJS },
    },
    /dayjs/,
  ],
  [
    'a package that the change moves to devDependencies',
    {
      base: { 'package.json': MANIFEST({ dependencies: { dayjs: '1' } }), 'src/a.js': IMPORTS_DAYJS },
      files: { 'package.json': MANIFEST({ devDependencies: { dayjs: '1' } }) },
    },
    /package.json does not declare dayjs for the product any more, which src\/a.js imports/,
  ],
  [
    'a package of a group for developers',
    pythonChange('from dateutil import parser\n'),
    /imports dateutil, which pyproject.toml/,
  ],
  ['a package of an extra for tests', pythonChange('import freezegun\n'), /freezegun/],
  [
    'a package of an extra for tests, imported in a function',
    pythonChange('def a():\n    import freezegun\n'),
    /freezegun/,
  ],
  [
    'a package of a file of requirements for developers',
    {
      base: { 'requirements.txt': 'httpx\n', 'requirements-dev.txt': 'pytest\nfreezegun==1\n' },
      files: { 'till/a.py': 'import freezegun\n' },
    },
    /requirements-dev.txt/,
  ],
  [
    'a package of a requirements folder for tests',
    {
      base: { 'requirements/base.txt': 'httpx\n', 'requirements/test.txt': '-r base.txt\nPyYAML\n' },
      files: { 'till/a.py': 'import yaml\n' },
    },
    /requirements\/test.txt/,
  ],
  [
    'a group of poetry',
    {
      base: {
        'pyproject.toml':
          '[tool.poetry.dependencies]\npython = "^3.12"\nhttpx = "1"\n[tool.poetry.group.dev.dependencies]\npyyaml = "1"\n',
      },
      files: { 'till/a.py': 'import yaml\n' },
    },
    /yaml/,
  ],
  [
    'tests_require of setup.py',
    {
      base: { 'setup.py': 'setup(install_requires=["httpx"], extras_require={"dev": ["PyYAML"]})\n' },
      files: { 'till/a.py': 'import yaml\n' },
    },
    /yaml/,
  ],
  [
    'dev-packages of a Pipfile',
    {
      base: { Pipfile: '[packages]\nhttpx = "*"\n[dev-packages]\npyyaml = "*"\n' },
      files: { 'till/a.py': 'import yaml\n' },
    },
    /yaml/,
  ],
  [
    'a helper of the tests',
    {
      base: { 'test/a.test.js': 'test("a", () => {});', 'test/helpers/rates.js': 'export const r = 1;\n' },
      files: { 'src/a.js': "import { r } from '../test/helpers/rates.js';\nr;\n" },
    },
    /src\/a.js imports test\/helpers\/rates.js, a file of the tests/,
  ],
  [
    'data of the tests',
    {
      base: { 'src/__fixtures__/rates.json': '{}' },
      files: { 'src/a.ts': "import rates from './__fixtures__/rates.json';\nexport const a = rates.a;\n" },
    },
    /__fixtures__\/rates.json/,
  ],
  [
    'a module of the tests in Python',
    {
      base: { 'tests/test_a.py': 'def test_a(): pass\n', 'tests/__init__.py': '', 'tests/rates.py': 'R = 1\n' },
      files: { 'till/a.py': 'from tests.rates import R\n' },
    },
    /tests\/rates.py/,
  ],
  [
    'a known package of Python that nothing declares',
    pythonChange('import numpy as np\n'),
    /numpy, which nothing declares/,
  ],
])('%s is found', (_name, change, reason) => expect(findingsOf(change).join('\n')).toMatch(reason));
