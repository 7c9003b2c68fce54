// @ts-check
/**
 * Jest runs the TypeScript tests through swc; types are checked beside it by `npm run types`.
 * One Temporal server serves the whole run (test/server.ts starts it, test/server-stop.ts ends it).
 *
 * `npm test` is the project `product`. `npm run test:toolchains` is the other one: what installs packages from registries or compiles
 * with the machine's toolchains. CI runs both.
 */
const common = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/server.ts',
  globalTeardown: '<rootDir>/test/server-stop.ts',
  roots: ['<rootDir>/test'],
  transform: { '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  transformIgnorePatterns: ['/node_modules/'],
};
const TOOLCHAINS = '\\.toolchains\\.test\\.ts$';

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 60_000,
  // Most tests wait for a server or a child process, so more of them than cores can run at once.
  maxWorkers: 4,
  projects: [
    { ...common, displayName: 'product', testMatch: ['**/*.test.ts'], testPathIgnorePatterns: [TOOLCHAINS] },
    { ...common, displayName: 'toolchains', testRegex: [TOOLCHAINS] },
  ],
};
