// @ts-check
/**
 * jest's configuration, from outside the tree. Of the project's own only what is needed to load its code.
 *
 * Not honoured: global setup and teardown, reporters, runner, resolver, bail, passWithNoTests, name patterns, projects.
 */
'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const HONOURED = [
  ...['transform', 'transformIgnorePatterns', 'moduleNameMapper', 'moduleFileExtensions', 'moduleDirectories'],
  ...['testEnvironment', 'testEnvironmentOptions', 'extensionsToTreatAsEsm', 'preset', 'modulePaths'],
  ...['setupFiles', 'setupFilesAfterEnv', 'fakeTimers', 'clearMocks', 'resetMocks', 'restoreMocks', 'testTimeout'],
];

module.exports = async () => {
  const root = process.cwd();
  const own = (await ownConfig(root)) ?? {};
  const kept = Object.fromEntries(HONOURED.filter((name) => own[name] !== undefined).map((name) => [name, own[name]]));
  return {
    ...kept,
    rootDir: root,
    roots: [root],
    setupFilesAfterEnv: [join(__dirname, 'jest-guard.cjs'), ...(own.setupFilesAfterEnv ?? [])],
    reporters: ['default', join(__dirname, 'jest.cjs')],
    passWithNoTests: false,
    cacheDirectory: '/tmp/jest',
    coverageDirectory: '/tmp/coverage',
    coverageReporters: [],
    coverageProvider: 'babel',
    watchman: false,
  };
};

/** @param {string} root @returns {Promise<any>} */
async function ownConfig(root) {
  const manifest = join(root, 'package.json');
  const { jest } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
  if (jest !== undefined) return jest;
  const name = ['js', 'cjs', 'mjs', 'json'].map((end) => join(root, `jest.config.${end}`)).find(existsSync);
  if (name === undefined) return {};
  if (name.endsWith('.json')) return JSON.parse(readFileSync(name, 'utf8'));
  const { default: found } = await import(name);
  return typeof found === 'function' ? found() : found;
}
