/**
 * Shapes by package manager of Node: npm, pnpm, yarn 1 and 4, bun; with and without lock file, workspaces, patches.
 */
import type { Shape } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import { readLock } from '../locks';
import { amountsSources, json, testFile } from '../sources/javascript';
import { javaScript } from '../sources/javascript-shape';

/** A source that imports an installed package, so that tests fail without packages. */
const DURATION = `import ms from 'ms';

/** How long an offer is open, in words. */
export const open = (milliseconds) => ms(milliseconds, { long: true });
`;
const DURATION_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../src/open.js';

test('an offer is open for two days', () => {
  assert.equal(open(172800000), '2 days');
});
`;
const WITH_MS = { type: 'module', scripts: { test: 'node --test' }, dependencies: { ms: '^2.1.3' } };
const USES_MS = { 'src/open.js': DURATION, 'test/open.test.js': DURATION_TEST };
const base = { manifest: WITH_MS, style: 'node' } as const;

export const NODE_PACKAGES: Shape[] = [
  javaScript({
    name: 'npm without dependencies',
    style: 'node',
    manifest: { type: 'module', scripts: { test: 'node --test' } },
  }),
  javaScript({ ...base, name: 'npm without lock file', moreFiles: USES_MS }),
  javaScript({
    ...base,
    name: 'npm with lock file',
    moreFiles: { ...USES_MS, 'package-lock.json': readLock('npm/package-lock.json') },
    byHand: { install: 'npm ci' },
  }),
  npmWorkspaces(),
  javaScript({
    ...base,
    name: 'pnpm',
    manifest: { ...WITH_MS, packageManager: 'pnpm@10.34.9' },
    moreFiles: { ...USES_MS, 'pnpm-lock.yaml': readLock('pnpm/pnpm-lock.yaml') },
    byHand: { install: 'pnpm install --frozen-lockfile', test: 'pnpm test', toolPackages: ['npm:pnpm@10.34.9'] },
  }),
  pnpmWorkspace(),
  javaScript({
    ...base,
    name: 'yarn 1',
    moreFiles: { ...USES_MS, 'yarn.lock': readLock('yarn-1/yarn.lock') },
    byHand: { install: 'yarn install --frozen-lockfile', test: 'yarn test', toolPackages: ['npm:yarn@1.22.22'] },
  }),
  javaScript({
    ...base,
    name: 'yarn 4 with node_modules',
    manifest: { ...WITH_MS, packageManager: 'yarn@4.18.1' },
    moreFiles: {
      ...USES_MS,
      '.yarnrc.yml': 'nodeLinker: node-modules\nenableTelemetry: false\n',
      'yarn.lock': readLock('yarn-4/yarn.lock'),
    },
    byHand: { install: 'yarn install --immutable', test: 'yarn test', toolPackages: ['npm:@yarnpkg/cli-dist@4.18.1'] },
  }),
  javaScript({
    ...base,
    name: 'yarn 4 with plug and play',
    manifest: { ...WITH_MS, packageManager: 'yarn@4.18.1' },
    moreFiles: { ...USES_MS, '.yarnrc.yml': 'nodeLinker: pnp\n', 'yarn.lock': readLock('yarn-4/yarn.lock') },
    byHand: { install: 'yarn install --immutable', test: 'yarn test', toolPackages: ['npm:@yarnpkg/cli-dist@4.18.1'] },
  }),
  javaScript({
    name: 'bun test',
    style: 'bun',
    kind: 'ts',
    manifest: { type: 'module', scripts: { test: 'bun test' }, dependencies: { ms: '^2.1.3' } },
    moreFiles: {
      'bun.lock': readLock('bun/bun.lock'),
      'src/open.ts': DURATION.replace('(milliseconds)', '(milliseconds: number)'),
      'test/open.test.ts': `import { expect, test } from 'bun:test';
import { open } from '../src/open';

test('an offer is open for two days', () => {
  expect(open(172800000)).toBe('2 days');
});
`,
    },
    byHand: { install: 'bun install --frozen-lockfile', test: 'bun test', toolPackages: ['npm:bun@1.4.5'] },
  }),
];

/** R4: a package with vitest and a package with node:test in one repository. */
function npmWorkspaces(): Shape {
  const { base, changed } = amountsSources('esm');
  const added = 'packages/amounts/test/thousands.test.js';
  return {
    name: 'npm workspaces, vitest and node:test',
    base: {
      'package.json': json({
        name: 'shop-root',
        private: true,
        workspaces: ['packages/*'],
        scripts: { test: 'npm test --workspaces' },
      }),
      '.gitignore': 'node_modules\n',
      'packages/amounts/package.json': json({
        name: '@shop/amounts',
        version: '1.0.0',
        type: 'module',
        exports: './src/amounts.js',
        scripts: { test: 'vitest run' },
        devDependencies: { vitest: '^3.2.0' },
      }),
      'packages/amounts/src/amounts.js': base,
      'packages/amounts/test/amounts.test.js': testFile('vitest', '../src/amounts.js', OLD_EXAMPLES),
      'packages/receipt/package.json': json({
        name: '@shop/receipt',
        version: '1.0.0',
        type: 'module',
        scripts: { test: 'node --test' },
        dependencies: { '@shop/amounts': '^1.0.0' },
      }),
      'packages/receipt/src/receipt.js': `import { format } from '@shop/amounts';

export const line = (name, cents) => \`\${name} \${format(cents)}\`;
`,
      'packages/receipt/test/receipt.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line } from '../src/receipt.js';

test('a line has a name and an amount', () => {
  assert.equal(line('Tea', 350), 'Tea 3.50');
});
`,
    },
    byHand: { install: 'npm install', test: 'npm test' },
    work: thousandsWork({
      code: { 'packages/amounts/src/amounts.js': changed },
      tests: { [added]: testFile('vitest', '../src/amounts.js', NEW_EXAMPLES) },
      thousandTest: `@shop/amounts: ${THOUSAND_EXAMPLE[0]}`,
      millionTest: `${added}: ${MILLION_EXAMPLE[0]}`,
      keptTest: 'a line has a name and an amount',
    }),
  };
}

function pnpmWorkspace(): Shape {
  const { base, changed } = amountsSources('esm');
  const manifest = { type: 'module', scripts: { test: 'node --test' }, dependencies: { ms: '^2.1.3' } };
  const added = 'packages/amounts/test/thousands.test.js';
  return {
    name: 'pnpm workspace with patches',
    base: {
      'package.json': json({
        name: 'shop-root',
        private: true,
        packageManager: 'pnpm@10.34.9',
        scripts: { test: 'pnpm -r test' },
      }),
      'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\npatchedDependencies:\n  ms@2.1.3: patches/ms@2.1.3.patch\n",
      'pnpm-lock.yaml': readLock('pnpm-workspace/pnpm-lock.yaml'),
      'patches/ms@2.1.3.patch': readLock('pnpm-workspace/ms@2.1.3.patch'),
      '.gitignore': 'node_modules\n',
      'packages/amounts/package.json': json({ name: '@shop/amounts', version: '1.0.0', ...manifest }),
      'packages/amounts/src/amounts.js': base,
      'packages/amounts/test/amounts.test.js': testFile('node', '../src/amounts.js', OLD_EXAMPLES),
      'packages/offers/package.json': json({ name: '@shop/offers', version: '1.0.0', ...manifest }),
      'packages/offers/src/open.js': DURATION,
      'packages/offers/test/open.test.js': DURATION_TEST.replace("'2 days'", "'2 days and nights'").replace(
        'two days',
        'two days and nights, as the patch says',
      ),
    },
    byHand: { install: 'pnpm install --frozen-lockfile', test: 'pnpm test', toolPackages: ['npm:pnpm@10.34.9'] },
    work: thousandsWork({
      code: { 'packages/amounts/src/amounts.js': changed },
      tests: { [added]: testFile('node', '../src/amounts.js', NEW_EXAMPLES) },
      thousandTest: `${added}: ${THOUSAND_EXAMPLE[0]}`,
      millionTest: MILLION_EXAMPLE[0],
      keptTest: 'an offer is open for two days and nights, as the patch says',
    }),
  };
}
