// @ts-check
/**
 * Adds the reporter to `node --test`: it starts the process again with one more reporter, since node reads these flags before any
 * code runs.
 */
'use strict';
const { spawnSync } = require('node:child_process');
const { constants } = require('node:os');
const { join } = require('node:path');
const { clearAll } = require('./traces.cjs');

const REPORTER = join(__dirname, 'node-test.mjs');
/** Starts node again. The processes of test files inherit the flags; node-child.cjs removes them before the code can see them. */
exports.start = function start() {
  const { argv, execArgv, execPath } = process;
  if (execArgv.some((word) => word.includes(REPORTER))) {
    // Code of the project runs in this process only if test files have no processes of their own (isolation=none).
    if (execArgv.some((word) => /isolation=none/.test(word))) {
      clearAll();
      process.execArgv = execArgv.filter((word) => !word.includes('--test-reporter') && !word.includes(REPORTER));
    }
    return;
  }
  if (execArgv.includes('--watch')) return;
  const reporters = valuesOf(execArgv, '--test-reporter');
  const destinations = valuesOf(execArgv, '--test-reporter-destination');
  // With a reporter flag, node does not use its default reporter: it is added explicitly.
  const defaultReporter = Number(process.versions.node.split('.')[0]) >= 23 ? 'spec' : 'tap';
  const reporterFlag = reporters.length === 0 ? [`--test-reporter=${defaultReporter}`] : [];
  const destinationFlag = destinations.length === 0 ? ['--test-reporter-destination=stdout'] : [];
  const ownFlags = [`--test-reporter=${REPORTER}`, '--test-reporter-destination=/dev/null'];
  const words = [...execArgv, ...reporterFlag, ...destinationFlag, ...ownFlags, ...argv.slice(1)];
  const { status, signal, error } = spawnSync(execPath, words, { stdio: 'inherit', argv0: process.argv0 });
  if (error !== undefined) throw error;
  process.exit(status ?? 128 + (signal === null ? 0 : constants.signals[signal]));
};

/** @param {string[]} words @param {string} flag */
function valuesOf(words, flag) {
  return words.filter((word) => word === flag || word.startsWith(`${flag}=`));
}
