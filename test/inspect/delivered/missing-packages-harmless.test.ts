/**
 * Usual imports that are close to missing packages, and are not found.
 */
import { DEV_MANIFEST, MANIFEST, IMPORTS_DAYJS, PROJECT, pythonChange, findingsOf } from './example-tree';
import type { ExampleChange } from './example-tree';

test.each<[string, ExampleChange]>([
  [
    'a package of dependencies',
    { base: { 'package.json': DEV_MANIFEST }, files: { 'src/a.js': "import ms from 'ms';\nms('1s');\n" } },
  ],
  [
    'a package of the peer',
    {
      base: { 'package.json': MANIFEST({ peerDependencies: { react: '1' }, devDependencies: { react: '1' } }) },
      files: { 'src/a.js': "import react from 'react';\nreact();\n" },
    },
  ],
  [
    'a package for developers in tests, settings, scripts and stories',
    {
      base: { 'package.json': DEV_MANIFEST },
      files: {
        'test/a.test.js': IMPORTS_DAYJS,
        'src/a.spec.js': IMPORTS_DAYJS,
        'jest.config.js': IMPORTS_DAYJS,
        'gulpfile.js': IMPORTS_DAYJS,
        'scripts/a.js': IMPORTS_DAYJS,
        'src/a.stories.js': IMPORTS_DAYJS,
        'src/__mocks__/a.js': IMPORTS_DAYJS,
        'src/test-utils.js': IMPORTS_DAYJS,
        'examples/a.js': IMPORTS_DAYJS,
      },
    },
  ],
  [
    'types of a package for developers',
    {
      base: { 'package.json': DEV_MANIFEST },
      files: {
        'src/a.ts':
          "import type { Dayjs } from 'dayjs';\nimport { type Dayjs as D } from 'dayjs';\nimport { Request, Response } from 'express';\nexport function a(one: Request, two: Response<Dayjs>): Promise<Request> { return b(two as Response); }\nexport type T = Request | D;\n",
      },
    },
  ],
  [
    'a package for developers in a product that a bundler builds',
    {
      base: {
        'package.json': MANIFEST({ scripts: { build: 'vite build' }, devDependencies: { dayjs: '1', vite: '1' } }),
      },
      files: { 'src/a.js': IMPORTS_DAYJS },
    },
  ],
  [
    'an import that was there',
    {
      base: { 'package.json': DEV_MANIFEST, 'src/a.js': IMPORTS_DAYJS },
      files: { 'src/a.js': `${IMPORTS_DAYJS}export const b = 1;\n` },
    },
  ],
  [
    'an import that other parts of the product have',
    { base: { 'package.json': DEV_MANIFEST, 'src/b.js': IMPORTS_DAYJS }, files: { 'src/a.js': IMPORTS_DAYJS } },
  ],
  [
    'a package that may be missing',
    {
      base: { 'package.json': DEV_MANIFEST },
      files: { 'src/a.js': "let d;\ntry {\n  d = require('dayjs');\n} catch {\n  d = null;\n}\n" },
    },
  ],
  [
    'a package that only development asks for',
    {
      base: { 'package.json': DEV_MANIFEST },
      files: { 'src/a.js': "if (process.env.NODE_ENV !== 'production') {\n  require('dayjs');\n}\n" },
    },
  ],
  [
    'what a host gives',
    {
      base: { 'package.json': MANIFEST({ devDependencies: { electron: '1', '@aws-sdk/client-s3': '1' } }) },
      files: { 'src/a.js': "import { app } from 'electron';\nimport { S3 } from '@aws-sdk/client-s3';\napp(S3);\n" },
    },
  ],
  [
    'an alias and a package of the workspace',
    {
      base: {
        'package.json': DEV_MANIFEST,
        'tsconfig.json': '{"compilerOptions": {"paths": {"@app/*": ["src/*"]}}}',
        'packages/b/package.json': MANIFEST({ name: '@till/b' }),
      },
      files: { 'src/a.ts': "import { b } from '@app/b';\nimport { c } from '@till/b';\nb(c);\n" },
    },
  ],
  ['a script without a manifest', { files: { 'src/a.js': IMPORTS_DAYJS } }],
  [
    'a package that the change drops together with its use',
    {
      base: { 'package.json': MANIFEST({ dependencies: { dayjs: '1' } }), 'src/a.js': IMPORTS_DAYJS },
      files: { 'package.json': MANIFEST({ devDependencies: { dayjs: '1' } }), 'src/a.js': 'export const a = 1;\n' },
    },
  ],
  [
    'a part of the product that is named like tests',
    {
      base: { 'src/commands/test.js': 'export const test = () => 1;\n', 'src/spec/read.js': 'export const r = 1;\n' },
      files: { 'src/index.js': "import { test } from './commands/test.js';\nimport { r } from './spec/read.js';\n" },
    },
  ],
  [
    'types of the tests, and tests that import their helpers',
    {
      base: { 'test/a.test.ts': 'test("a", () => {});', 'test/helpers/t.ts': 'export type T = 1;\n' },
      files: {
        'src/a.ts': "import type { T } from '../test/helpers/t';\nexport const a: T = 1;\n",
        'test/b.test.ts': "import { T } from './helpers/t';\n",
      },
    },
  ],
  [
    'helpers of tests that the product gives to its users',
    {
      files: { 'src/index.ts': "export * from './testing/index';\n", 'src/testing/index.ts': 'export const t = 1;\n' },
    },
  ],
  ['declared and standard modules of Python', pythonChange('import json\nimport httpx\nfrom till import b\n')],
  ['a package of an extra that users choose', pythonChange('import redis\n')],
  [
    'a package that may be missing in Python',
    pythonChange('try:\n    import freezegun\nexcept ImportError:\n    freezegun = None\n'),
  ],
  ['a package of types', pythonChange('from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import freezegun\n')],
  ['a package whose name is little known', pythonChange('import tillware\n')],
  [
    'tests and settings of Python',
    {
      base: { 'pyproject.toml': PROJECT },
      files: { 'tests/a.py': 'import freezegun\n', 'conftest.py': 'import freezegun\n', 'noxfile.py': 'import nox\n' },
    },
  ],
  [
    'a package that another one invites to import',
    {
      base: { 'requirements.txt': 'Flask\nboto3\n' },
      files: { 'till/a.py': 'from werkzeug import a\nimport botocore\nimport click\n' },
    },
  ],
  [
    'a package that both live and development declare',
    {
      base: { 'requirements.txt': 'pyyaml\n', 'requirements-dev.txt': 'pyyaml\n' },
      files: { 'a.py': 'import yaml\n' },
    },
  ],
])('%s is no finding', (_name, change) => expect(findingsOf(change)).toEqual([]));
