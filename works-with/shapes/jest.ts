/**
 * Jest shapes: JavaScript, TypeScript, ES modules, several projects, NestJS, an express app.
 */
import type { Shape } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import { readLock } from '../locks';
import { amountsSources, json, testFile } from '../sources/javascript';
import { javaScript } from '../sources/javascript-shape';

const JEST = { jest: '^30.0.0' };
const TS_JEST = { ...JEST, 'ts-jest': '^29.4.0', typescript: '~5.9.3', '@types/jest': '^30.0.0' };
const TSCONFIG = json({
  compilerOptions: { target: 'es2022', module: 'commonjs', strict: true, esModuleInterop: true, types: ['jest'] },
});

export const JEST_SHAPES: Shape[] = [
  javaScript({
    name: 'jest',
    kind: 'cjs',
    style: 'globals',
    manifest: { scripts: { test: 'jest' }, devDependencies: JEST },
  }),
  javaScript({
    name: 'jest with ts-jest',
    kind: 'ts',
    style: 'globals',
    manifest: { scripts: { test: 'jest' }, devDependencies: TS_JEST },
    moreFiles: {
      'tsconfig.json': TSCONFIG,
      'jest.config.js':
        "/** @type {import('jest').Config} */\nmodule.exports = { preset: 'ts-jest', testEnvironment: 'node' };\n",
    },
  }),
  javaScript({
    name: 'jest with ES modules',
    style: 'jestEsm',
    manifest: {
      type: 'module',
      scripts: { test: 'NODE_OPTIONS=--experimental-vm-modules jest' },
      jest: { transform: {} },
      devDependencies: { ...JEST, '@jest/globals': '^30.0.0' },
    },
  }),
  jestProjects(),
  nest(),
  express(),
];

function jestProjects(): Shape {
  const { base, changed } = amountsSources('cjs');
  const project = (name: string) =>
    `module.exports = { displayName: '${name}', testEnvironment: 'node', testMatch: ['<rootDir>/spec/**/*.spec.js'] };\n`;
  const added = 'packages/amounts/spec/thousands.spec.js';
  return {
    name: 'jest with projects',
    base: {
      'package.json': json({
        name: 'shop-root',
        private: true,
        scripts: { test: 'jest' },
        jest: { projects: ['<rootDir>/packages/*'] },
        devDependencies: JEST,
      }),
      '.gitignore': 'node_modules\n',
      'packages/amounts/jest.config.js': project('amounts'),
      'packages/amounts/src/amounts.js': base,
      'packages/amounts/spec/amounts.spec.js': testFile('globals', 'require:../src/amounts', OLD_EXAMPLES),
      'packages/receipt/jest.config.js': project('receipt'),
      'packages/receipt/src/receipt.js': "module.exports = { join: (lines) => lines.join('\\n') };\n",
      'packages/receipt/spec/receipt.spec.js': `const { join } = require('../src/receipt');

test('lines stand below each other', () => {
  expect(join(['Tea', 'Bread'])).toBe('Tea\\nBread');
});
`,
    },
    byHand: { install: 'npm install', test: 'npm test' },
    work: thousandsWork({
      code: { 'packages/amounts/src/amounts.js': changed },
      tests: { [added]: testFile('globals', 'require:../src/amounts', NEW_EXAMPLES) },
      thousandTest: `amounts › ${THOUSAND_EXAMPLE[0]}`,
      millionTest: `${added}: ${MILLION_EXAMPLE[0]}`,
      keptTest: 'lines stand below each other',
    }),
  };
}

/** The settings that `nest new` writes, with a service and its spec beside it. */
function nest(): Shape {
  const service = (source: string) =>
    `import { Injectable } from '@nestjs/common';\n\n${source.replace(/\/\*\* 1205[\s\S]*$/, '')}@Injectable()\nexport class AmountsService {\n${source
      .slice(source.indexOf('/** 1205'))
      .replace('export function format', 'format')
      .trimEnd()
      .replace(/^/gm, '  ')}\n}\n`;
  const { base, changed } = amountsSources('ts');
  const spec = (examples: typeof OLD_EXAMPLES) => `import { Test } from '@nestjs/testing';
import { AmountsService } from './amounts.service';

describe('AmountsService', () => {
  let service: AmountsService;

  beforeEach(async () => {
    const module = await Test.createTestingModule({ providers: [AmountsService] }).compile();
    service = module.get(AmountsService);
  });

${examples.map(([name, cents, amount]) => `  it('${name}', () => {\n    expect(service.format(${cents})).toBe('${amount}');\n  });`).join('\n\n')}
});
`;
  return {
    name: 'jest as NestJS writes it',
    base: {
      'package.json': json({
        name: 'shop-api',
        private: true,
        scripts: { build: 'tsc', test: 'jest' },
        dependencies: {
          '@nestjs/common': '^11.0.0',
          '@nestjs/core': '^11.0.0',
          'reflect-metadata': '^0.2.2',
          rxjs: '^7.8.1',
        },
        devDependencies: { ...TS_JEST, '@nestjs/testing': '^11.0.0' },
        jest: {
          moduleFileExtensions: ['js', 'json', 'ts'],
          rootDir: 'src',
          testRegex: '.*\\.spec\\.ts$',
          transform: { '^.+\\.(t|j)s$': 'ts-jest' },
          collectCoverageFrom: ['**/*.(t|j)s'],
          coverageDirectory: '../coverage',
          testEnvironment: 'node',
        },
      }),
      '.gitignore': 'node_modules\ncoverage\ndist\n',
      'tsconfig.json': json({
        compilerOptions: {
          module: 'commonjs',
          target: 'es2022',
          outDir: 'dist',
          experimentalDecorators: true,
          emitDecoratorMetadata: true,
          strict: true,
          skipLibCheck: true,
        },
      }),
      'src/amounts.service.ts': service(base),
      'src/amounts.service.spec.ts': spec(OLD_EXAMPLES),
    },
    byHand: { install: 'npm install', test: 'npm test' },
    work: thousandsWork({
      code: { 'src/amounts.service.ts': service(changed) },
      tests: { 'src/thousands.spec.ts': spec(NEW_EXAMPLES) },
      thousandTest: `AmountsService ${THOUSAND_EXAMPLE[0]}`,
      millionTest: `src/thousands.spec.ts > AmountsService > ${MILLION_EXAMPLE[0]}`,
      keptTest: `AmountsService › ${OLD_EXAMPLES[0]?.[0] ?? ''}`,
    }),
  };
}

/** R1: an express app with jest, supertest and a lock file. */
function express(): Shape {
  const { base, changed } = amountsSources('cjs');
  const app = `const express = require('express');
const { format } = require('./amounts');

const app = express();
app.get('/amounts/:cents', (request, response) => {
  response.json({ amount: format(Number(request.params.cents)) });
});

module.exports = { app };
`;
  const requestTests = (examples: typeof OLD_EXAMPLES) => `const request = require('supertest');
const { app } = require('../src/app');

describe('GET /amounts/:cents', () => {
${examples.map(([name, cents, amount]) => `  it('${name}', async () => {\n    const response = await request(app).get('/amounts/${cents}');\n    expect(response.status).toBe(200);\n    expect(response.body.amount).toBe('${amount}');\n  });`).join('\n\n')}
});
`;
  return {
    name: 'express app with jest and supertest',
    base: {
      'package.json': json({
        name: 'shop-api',
        version: '1.0.0',
        private: true,
        scripts: { start: 'node src/server.js', test: 'jest' },
        dependencies: { express: '^5.1.0' },
        devDependencies: { ...JEST, supertest: '^7.1.0' },
      }),
      'package-lock.json': readLock('express/package-lock.json'),
      '.gitignore': 'node_modules\n',
      'src/amounts.js': base,
      'src/app.js': app,
      'src/server.js': "const { app } = require('./app');\n\napp.listen(process.env.PORT || 3000);\n",
      'test/app.test.js': requestTests(OLD_EXAMPLES),
    },
    byHand: { install: 'npm ci', test: 'npm test' },
    work: thousandsWork({
      code: { 'src/amounts.js': changed },
      tests: { 'test/thousands.test.js': requestTests(NEW_EXAMPLES) },
      thousandTest: `test/thousands.test.js: GET /amounts/:cents ${THOUSAND_EXAMPLE[0]}`,
      millionTest: MILLION_EXAMPLE[0],
      keptTest: `GET /amounts/:cents ${OLD_EXAMPLES[0]?.[0] ?? ''}`,
    }),
  };
}
