// @ts-check
/**
 * Finds out whether this process is a test runner. If so, it adds the reporter by the runner's own options, and removes the traces
 * of the reporters before code of the project is loaded. Other processes do not change.
 */
'use strict';
const { realpathSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');
const { clearAll, clearOptions } = require('./traces.cjs');

/** Runners that are programs: a pattern for the end of their path, and a function that adds the reporter. */
/** @type {Array<[RegExp, () => void]>} */
const PROGRAMS = [
  [/\/vitest\/vitest\.mjs$/, () => require('./vitest-start.cjs').start()],
  [/\/ava\/(entrypoints\/cli\.mjs|cli\.js)$/, () => addFlag('--tap', /^(--tap|-t|--watch|-w|debug|reset-cache)$/)],
  [/\/(@tapjs\/run\/dist\/esm\/index\.js|tap\/bin\/(run|tap)\.[cm]?js|tap\/dist\/esm\/run\.mjs)$/, startTap],
  [
    /\/(@playwright\/test|playwright|playwright-test)\/cli\.js$/,
    () => (process.env.PW_TEST_REPORTER ??= reporter('playwright.cjs')),
  ],
  [/\/uvu\/bin\.js$/, () => require('./uvu.cjs').start()],
];

if (!isMainThread) clearOptions();
else if (process.env.NODE_TEST_CONTEXT !== undefined) {
  clearAll();
  require('./node-child.cjs').watch();
} else if (process.execArgv.includes('--test')) require('./node-start.cjs').start();
else startReporter(pathOf(process.argv[1]));

/** @param {string} program */
function startReporter(program) {
  const found = PROGRAMS.find(([path]) => path.test(program));
  if (found !== undefined) {
    clearAll();
    found[1]();
    return;
  }
  require('./hooks.cjs').install();
  if (/\/borp\/borp\.js$/.test(program)) require('./node-run.cjs').listen();
  // A script of the project must not see the reporters' variables; package managers pass them on to the runner.
  const isProjectScript =
    program !== '' && !/\/node_modules\/|\/\.yarn\/|\/(npm|yarn|pnpm|corepack)[^/]*\//.test(program);
  if (!isProjectScript) return;
  clearOptions();
  require('./node-run.cjs').listen();
}

/** @param {string | undefined} program */
function pathOf(program) {
  try {
    return program === undefined ? '' : realpathSync(program);
  } catch {
    return program ?? '';
  }
}

/** @param {string} name */
function reporter(name) {
  return require('node:path').join(__dirname, name);
}

/** @param {string} flag @param {RegExp} unless */
function addFlag(flag, unless) {
  if (!process.argv.slice(2).some((word) => unless.test(word))) process.argv.splice(2, 0, flag);
}

function startTap() {
  if (process.argv.slice(2).some((word) => /^(-R|--reporter)/.test(word))) return;
  // tap reads TAP from the test programs; this reporter prints all of it.
  process.env.TAP_REPORTER ??= 'tap';
}
