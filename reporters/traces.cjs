// @ts-check
/**
 * Removes the variables by which reporters are loaded from a process's environment, so that the project's code and its programs
 * see the environment that they would see without reporters.
 */
'use strict';
const { join } = require('node:path');

const PRELOAD = `--require ${join(__dirname, 'preload.cjs')}`;
const SHIMS = join(__dirname, 'bin');

/** Removes the preload from NODE_OPTIONS. Programs that this process starts by a name on the PATH still load a reporter. */
exports.clearOptions = function clearOptions() {
  const { NODE_OPTIONS } = process.env;
  if (NODE_OPTIONS === undefined) return;
  const rest = NODE_OPTIONS.replace(PRELOAD, '').trim();
  if (rest === '') delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = rest;
};

/** Removes all traces. It is called when the runner is found: programs that the tests start must not write records. */
exports.clearAll = function clearAll() {
  exports.clearOptions();
  const { PATH } = process.env;
  if (PATH !== undefined)
    process.env.PATH = PATH.split(':')
      .filter((folder) => folder !== SHIMS)
      .join(':');
  for (const name of ['PYTEST_ADDOPTS', 'PYTHONPATH']) {
    const value = process.env[name];
    if (value !== undefined && /_q_reporter|\/reporters\/python$/.test(value)) delete process.env[name];
  }
};
