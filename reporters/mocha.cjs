// @ts-check
/**
 * Records the events of mocha's runner, in addition to the reporter of the project.
 */
'use strict';
const { openRecord } = require('./record.cjs');

/** @typedef {{ title: string, file?: string, type?: string, pending?: boolean, titlePath(): string[], parent?: any, ctx?: any }} Runnable */

/** @param {any} runner */
exports.listen = function listen(runner) {
  const record = openRecord('mocha');
  /** @param {'passed' | 'failed' | 'skipped'} status */
  const recordAs = (status) => /** @param {Runnable} runnable @param {any} [error] */ (runnable, error) => {
    const name = runnable.titlePath().join(' > ');
    const message = status === 'failed' ? String(error?.stack ?? error?.message ?? error) : undefined;
    record.test({ file: fileOf(runnable), name, status, ...(message && { message, ...differenceOf(error) }) });
  };
  runner.on('pass', recordAs('passed'));
  // mocha reports a failed hook as a failed test.
  runner.on('fail', recordAs('failed'));
  runner.on('pending', recordAs('skipped'));
  runner.once('end', () => record.end());
};

/** @param {Runnable | undefined} runnable @returns {string | null} */
function fileOf(runnable) {
  for (let at = /** @type {any} */ (runnable); at; at = at.parent) if (typeof at.file === 'string') return at.file;
  return null;
}

/** @param {any} error */
function differenceOf(error) {
  if (error === null || typeof error !== 'object' || !('expected' in error) || !('actual' in error)) return {};
  try {
    const { inspect } = require('node:util');
    const show = /** @param {unknown} value */ (value) => inspect(value, { depth: 6, breakLength: 100 });
    return { diff: `expected: ${show(error.expected)}\nactual:   ${show(error.actual)}` };
  } catch {
    return {};
  }
}
