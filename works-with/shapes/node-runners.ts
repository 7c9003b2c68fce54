/**
 * Shapes by test runner of Node: mocha, ava, tap, uvu, jasmine, deno, node:test with TypeScript, playwright; and scripts that call scripts.
 */
import type { Shape } from '../shape';
import { NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, MILLION_EXAMPLE, thousandsWork } from '../work';
import { amountsSources, json, testFile } from '../sources/javascript';
import { javaScript } from '../sources/javascript-shape';

const TSCONFIG = {
  compilerOptions: {
    ...{ target: 'es2022', module: 'nodenext', outDir: 'dist', rootDir: '.', strict: true, types: ['node'] },
    skipLibCheck: true,
  },
  include: ['src', 'test'],
};

export const NODE_RUNNERS: Shape[] = [
  javaScript({
    name: 'mocha with .mocharc.json',
    kind: 'cjs',
    style: 'mocha',
    oldTestPath: 'spec/amounts.spec.js',
    addedTestPath: 'spec/thousands.spec.js',
    manifest: { scripts: { test: 'mocha' }, devDependencies: { mocha: '^11.0.0' } },
    moreFiles: {
      '.mocharc.json': json({ spec: ['spec/**/*.spec.js'], require: ['./spec/setup.js'] }),
      'spec/setup.js': "process.env.TZ = 'UTC';\n",
    },
  }),
  javaScript({
    name: 'mocha and chai with ES modules',
    style: 'chai',
    manifest: {
      type: 'module',
      scripts: { test: 'mocha' },
      devDependencies: { mocha: '^11.0.0', chai: '^6.0.0' },
    },
  }),
  javaScript({
    name: 'ava',
    style: 'ava',
    manifest: { type: 'module', scripts: { test: 'ava' }, devDependencies: { ava: '^6.4.0' } },
  }),
  javaScript({
    name: 'tap',
    style: 'tap',
    manifest: {
      type: 'module',
      scripts: { test: 'tap' },
      tap: { 'allow-incomplete-coverage': true },
      devDependencies: { tap: '^21.0.0' },
    },
    moreFiles: { '.gitignore': 'node_modules\n.tap\n' },
  }),
  javaScript({
    name: 'uvu',
    style: 'uvu',
    manifest: { type: 'module', scripts: { test: 'uvu test' }, devDependencies: { uvu: '^0.5.6' } },
  }),
  javaScript({
    name: 'jasmine',
    style: 'suites',
    oldTestPath: 'spec/amounts.spec.js',
    addedTestPath: 'spec/thousands.spec.js',
    manifest: { type: 'module', scripts: { test: 'jasmine' }, devDependencies: { jasmine: '^5.9.0' } },
    moreFiles: { 'spec/support/jasmine.json': json({ spec_dir: 'spec', spec_files: ['**/*.spec.js'], random: true }) },
  }),
  javaScript({
    name: 'deno test',
    style: 'deno',
    kind: 'ts',
    importPath: '../src/amounts.ts',
    manifest: {
      type: 'module',
      scripts: { test: 'deno test' },
      devDependencies: { deno: '^2.5.0', '@types/node': '^22.0.0' },
    },
  }),
  javaScript({
    name: 'node:test in CommonJS',
    kind: 'cjs',
    style: 'nodeCjs',
    manifest: { scripts: { test: 'NODE_ENV=test node --test' } },
  }),
  javaScript({
    name: 'node:test with tsx',
    kind: 'ts',
    style: 'node',
    manifest: {
      type: 'module',
      scripts: { test: 'node --import tsx --test test/*.test.ts' },
      devDependencies: { tsx: '^4.20.0' },
    },
    importPath: '../src/amounts.ts',
  }),
  javaScript({
    name: 'node:test compiled before by pretest',
    kind: 'ts',
    style: 'node',
    importPath: '../src/amounts.js',
    manifest: {
      type: 'module',
      scripts: { pretest: 'tsc', test: 'node --test dist/test/' },
      devDependencies: { typescript: '~5.9.3', '@types/node': '^22.0.0' },
    },
    moreFiles: { 'tsconfig.json': json(TSCONFIG), '.gitignore': 'node_modules\ndist\n' },
  }),
  javaScript({
    name: 'scripts that call scripts',
    style: 'node',
    manifest: {
      type: 'module',
      scripts: {
        test: 'npm run test:unit && npm run test:lint',
        'test:unit': 'node --test',
        'test:lint': 'node scripts/lint.js',
      },
    },
    moreFiles: {
      'scripts/lint.js': `import { readFileSync } from 'node:fs';

if (readFileSync('src/amounts.js', 'utf8').includes('var ')) {
  console.error('src/amounts.js uses var');
  process.exit(1);
}
console.log('lint: 1 file, no problem');
`,
    },
  }),
  lernaPackages(),
  playwright(),
];

/** R16: output of several packages with prefixes, as turbo and lerna write it. */
function lernaPackages(): Shape {
  const { base, changed } = amountsSources('esm');
  const added = 'packages/amounts/test/thousands.test.js';
  const manifest = (name: string) =>
    json({ name, version: '1.0.0', private: true, type: 'module', scripts: { test: 'node --test' } });
  return {
    name: 'lerna with prefixed output',
    base: {
      'package.json': json({
        name: 'shop-root',
        private: true,
        workspaces: ['packages/*'],
        scripts: { test: 'lerna run test --stream' },
        devDependencies: { lerna: '^9.0.0' },
      }),
      'lerna.json': json({ version: '1.0.0', packages: ['packages/*'] }),
      '.gitignore': 'node_modules\n.nx\n',
      'packages/amounts/package.json': manifest('@shop/amounts'),
      'packages/amounts/src/amounts.js': base,
      'packages/amounts/test/amounts.test.js': testFile('node', '../src/amounts.js', OLD_EXAMPLES),
      'packages/receipt/package.json': manifest('@shop/receipt'),
      'packages/receipt/src/receipt.js': "export const join = (lines) => lines.join('\\n');\n",
      'packages/receipt/test/receipt.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from '../src/receipt.js';

test('lines stand below each other', () => {
  assert.equal(join(['Tea', 'Bread']), 'Tea\\nBread');
});
`,
    },
    byHand: { install: 'npm install', test: 'npm test' },
    work: thousandsWork({
      code: { 'packages/amounts/src/amounts.js': changed },
      tests: { [added]: testFile('node', '../src/amounts.js', NEW_EXAMPLES) },
      thousandTest: `${added}: ${THOUSAND_EXAMPLE[0]}`,
      millionTest: `@shop/amounts: ${MILLION_EXAMPLE[0]}`,
      keptTest: 'lines stand below each other',
    }),
  };
}

/** Tests that send requests to a server which playwright starts, so no browser is needed. */
function playwright(): Shape {
  const { base, changed } = amountsSources('esm');
  const requestTests = (examples: typeof OLD_EXAMPLES) => `import { expect, test } from '@playwright/test';

${examples
  .map(
    ([name, cents, amount]) =>
      `test('${name}', async ({ request }) => {\n  const response = await request.get('/amounts/${cents}');\n  expect(await response.text()).toBe('${amount}');\n});`,
  )
  .join('\n\n')}
`;
  return {
    name: 'playwright with requests',
    base: {
      'package.json': json({
        name: 'shop-site',
        private: true,
        type: 'module',
        scripts: { test: 'playwright test' },
        devDependencies: { '@playwright/test': '^1.55.0' },
      }),
      '.gitignore': 'node_modules\ntest-results\n',
      'playwright.config.js': `import { defineConfig } from '@playwright/test';

// Playwright's workers read this file too, and have the variable from the process that started them.
process.env.PORT ??= String(20_000 + (process.pid % 10_000));
const baseURL = \`http://127.0.0.1:\${process.env.PORT}\`;

export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  use: { baseURL },
  webServer: { command: 'node src/server.js', url: \`\${baseURL}/amounts/0\` },
});
`,
      'src/amounts.js': base,
      'src/server.js': `import { createServer } from 'node:http';
import { format } from './amounts.js';

const server = createServer((request, response) => {
  response.end(format(Number(request.url.split('/').at(-1))));
});
server.listen(process.env.PORT, '127.0.0.1');
`,
      'e2e/amounts.spec.js': requestTests(OLD_EXAMPLES),
    },
    byHand: { install: 'npm install', test: 'npm test' },
    work: thousandsWork({
      code: { 'src/amounts.js': changed },
      tests: { 'e2e/thousands.spec.js': requestTests(NEW_EXAMPLES) },
      thousandTest: `thousands.spec.js › ${THOUSAND_EXAMPLE[0]}`,
      millionTest: `e2e/thousands.spec.js: ${MILLION_EXAMPLE[0]}`,
      keptTest: OLD_EXAMPLES[0]?.[0] ?? '',
    }),
  };
}
