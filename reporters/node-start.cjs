// @ts-check
/**
 * node --test: the process starts itself again with the reporter beside those that it has, since node reads these flags before
 * any code runs.
 */
'use strict';
const { spawnSync } = require('node:child_process');
const { constants } = require('node:os');
const { join } = require('node:path');
const { clearAll } = require('./traces.cjs');

const REPORTER = join(__dirname, 'node-test.mjs');
/** The tests' processes are started with these, too; they load what watches them, and nothing of them is left for the code to see. */
exports.start = function start() {
  const { argv, execArgv, execPath } = process;
  if (execArgv.some((word) => word.includes(REPORTER))) {
    // In this process, no code of the project runs but in one without processes for each file.
    if (execArgv.some((word) => /isolation=none/.test(word))) {
      clearAll();
      process.execArgv = execArgv.filter((word) => !word.includes('--test-reporter') && !word.includes(REPORTER));
    }
    return;
  }
  if (execArgv.includes('--watch')) return;
  const reporters = valuesOf(execArgv, '--test-reporter');
  const places = valuesOf(execArgv, '--test-reporter-destination');
  // Without this, the reporter that node takes by itself would be gone.
  const own = Number(process.versions.node.split('.')[0]) >= 23 ? 'spec' : 'tap';
  const shown = reporters.length === 0 ? [`--test-reporter=${own}`] : [];
  const place = places.length === 0 ? ['--test-reporter-destination=stdout'] : [];
  const ours = [`--test-reporter=${REPORTER}`, '--test-reporter-destination=/dev/null'];
  const words = [...execArgv, ...shown, ...place, ...ours, ...argv.slice(1)];
  const { status, signal, error } = spawnSync(execPath, words, { stdio: 'inherit', argv0: process.argv0 });
  if (error !== undefined) throw error;
  process.exit(status ?? 128 + (signal === null ? 0 : constants.signals[signal]));
};

/** @param {string[]} words @param {string} flag */
function valuesOf(words, flag) {
  return words.filter((word) => word === flag || word.startsWith(`${flag}=`));
}
