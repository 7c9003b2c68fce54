// @ts-check
/**
 * The reporter for jasmine, which runs in addition to those of the project.
 */
'use strict';
const { openRecord } = require('./record.cjs');

/**
 * Returns the file of a test; null if jasmine names a file of its own, as it may do for tests in modules.
 *
 * @param {{ filename?: string }} result
 */
const fileOf = ({ filename }) =>
  filename === undefined || /[\\/]node_modules[\\/]/.test(filename) ? null : filename.replace(/^file:\/\//, '');

/** @typedef {{ fullName: string, description: string, filename?: string, status: string, failedExpectations: Array<{ message: string, stack?: string }> }} Result */

exports.create = function create() {
  const record = openRecord('jasmine');
  /** @type {string[]} */
  const suites = [];
  /** @param {Result} result */
  const messageOf = ({ failedExpectations = [] }) =>
    failedExpectations.map(({ message, stack }) => `${message}\n${stack ?? ''}`).join('\n\n');
  /** @param {Result} result */
  const endOfSuite = (result) => {
    if (result.failedExpectations?.length > 0) record.suiteError({ file: fileOf(result), message: messageOf(result) });
  };
  return {
    /** @param {Result} result */
    suiteStarted: (result) => void suites.push(result.description),
    /** @param {Result} result */
    suiteDone(result) {
      suites.pop();
      endOfSuite(result);
    },
    /** @param {Result} result */
    specDone(result) {
      if (result.status === 'excluded') return;
      const status = result.status === 'passed' || result.status === 'failed' ? result.status : 'skipped';
      const name = [...suites, result.description].join(' > ');
      record.test({
        file: fileOf(result),
        name,
        status,
        ...(status === 'failed' && { message: messageOf(result) }),
      });
    },
    /** @param {Result} result */
    jasmineDone(result) {
      endOfSuite(result);
      record.end();
    },
  };
};
