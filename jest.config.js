// @ts-check
/**
 * Jest runs the TypeScript tests through swc; types are checked beside it by `npm run types`.
 * One Temporal server serves the whole run (test/server.ts starts it, test/server-stop.ts ends it).
 *
 * `npm test` is the project `product`. Four more are commands of their own, since they take minutes: `npm run test:programs` starts
 * whole programs and servers, as users and operators do; CI runs it, too. On demand: `npm run test:long` runs the longest builds and
 * reads the largest trees, `npm run test:toolchains` installs packages from registries and compiles with the machine's toolchains, and
 * `npm run test:chaos` kills programs at every step.
 */
const common = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/server.ts',
  globalTeardown: '<rootDir>/test/server-stop.ts',
  roots: ['<rootDir>/test'],
  transform: { '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // These packages are modules, or import node's by `import()`: jest's own loader does not take them as they stand.
  transformIgnorePatterns: ['/node_modules/(?!@vscode/tree-sitter-wasm/|jose/|p-limit/|yocto-queue/)'],
};
const PROGRAMS = '\\.programs\\.test\\.ts$';
const LONG = '\\.long\\.test\\.ts$';
const TOOLCHAINS = '\\.toolchains\\.test\\.ts$';
const CHAOS = '\\.chaos\\.test\\.ts$';
/** Tests of chaos write their own results. */
const IS_RESULT_WANTED = process.env.WRITE_RESULT === '1' && process.argv.includes('long');

/** @type {import('jest').Config} */
module.exports = {
  // Ends what hangs, and is no measure: a machine that does other work besides is several times slower.
  testTimeout: 240_000,
  // Most tests wait for a server or a child process, so more of them than cores can run at once.
  maxWorkers: 4,
  // A worker keeps something of each file that it has run, and collects garbage more and more slowly.
  workerIdleMemoryLimit: '600MB',
  reporters: [
    'default',
    ...(process.env.CI ? ['<rootDir>/test/no-skipped-tests.cjs'] : []),
    ...(IS_RESULT_WANTED ? ['<rootDir>/test/write-result.cjs'] : []),
  ],
  projects: [
    {
      ...common,
      displayName: 'product',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: [PROGRAMS, LONG, TOOLCHAINS, CHAOS],
    },
    { ...common, displayName: 'programs', testRegex: [PROGRAMS] },
    { ...common, displayName: 'long', testRegex: [LONG] },
    { ...common, displayName: 'toolchains', testRegex: [TOOLCHAINS] },
    { ...common, displayName: 'chaos', testRegex: [CHAOS] },
  ],
};
