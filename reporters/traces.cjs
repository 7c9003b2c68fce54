// @ts-check
/**
 * Takes the ways in which reporters came into a process out of its environment, so that the project's code and the programs
 * that it starts find what they would find without them.
 */
'use strict';
const { join } = require('node:path');

const PRELOAD = `--require ${join(__dirname, 'preload.cjs')}`;
const SHIMS = join(__dirname, 'bin');

/** Programs that this process starts load no reporter by a variable; those that are found on the PATH still do. */
exports.clearOptions = function clearOptions() {
  const { NODE_OPTIONS } = process.env;
  if (NODE_OPTIONS === undefined) return;
  const rest = NODE_OPTIONS.replace(PRELOAD, '').trim();
  if (rest === '') delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = rest;
};

/** Nothing that this process starts reports: a runner is found, and what its tests start is no business of the worker. */
exports.clearAll = function clearAll() {
  exports.clearOptions();
  const { PATH } = process.env;
  if (PATH !== undefined)
    process.env.PATH = PATH.split(':')
      .filter((one) => one !== SHIMS)
      .join(':');
  for (const name of ['PYTEST_ADDOPTS', 'PYTHONPATH']) {
    const value = process.env[name];
    if (value !== undefined && /_q_reporter|\/reporters\/python$/.test(value)) delete process.env[name];
  }
};
