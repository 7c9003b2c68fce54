// @ts-check
/**
 * mocha: listens to the runner beside the reporter of the project.
 */
'use strict';
const { openRecord } = require('./record.cjs');

/** @typedef {{ title: string, file?: string, type?: string, pending?: boolean, titlePath(): string[], parent?: any, ctx?: any }} One */

/** @param {any} runner */
exports.listen = function listen(runner) {
  const record = openRecord('mocha');
  /** @param {'passed' | 'failed' | 'skipped'} status */
  const hear = (status) => /** @param {One} one @param {any} [error] */ (one, error) => {
    const name = one.titlePath().join(' > ');
    const message = status === 'failed' ? String(error?.stack ?? error?.message ?? error) : undefined;
    record.test({ file: fileOf(one), name, status, ...(message && { message, ...differenceOf(error) }) });
  };
  runner.on('pass', hear('passed'));
  // A failed hook is reported in the place of a test.
  runner.on('fail', hear('failed'));
  runner.on('pending', hear('skipped'));
  runner.once('end', () => record.end());
};

/** @param {One | undefined} one @returns {string | null} */
function fileOf(one) {
  for (let at = /** @type {any} */ (one); at; at = at.parent) if (typeof at.file === 'string') return at.file;
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
