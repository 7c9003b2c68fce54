// @ts-check
/**
 * Jest runs the TypeScript tests through swc; types are checked beside it by `npm run types`.
 * One Temporal server serves the whole run (test/server.ts starts it, test/server-stop.ts ends it).
 */
/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/server.ts',
  globalTeardown: '<rootDir>/test/server-stop.ts',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  transformIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
  // Most tests wait for a server or a child process, so more of them than cores can run at once.
  maxWorkers: 4,
};
