// @ts-check
/**
 * jasmine: a reporter in its environment, beside those of the project.
 */
'use strict';
const { openRecord } = require('./record.cjs');

/**
 * In a module, the place that jasmine finds for a test may be its own code.
 *
 * @param {{ filename?: string }} one
 */
const fileOf = ({ filename }) =>
  filename === undefined || /[\\/]node_modules[\\/]/.test(filename) ? null : filename.replace(/^file:\/\//, '');

/** @typedef {{ fullName: string, description: string, filename?: string, status: string, failedExpectations: Array<{ message: string, stack?: string }> }} One */

exports.create = function create() {
  const record = openRecord('jasmine');
  /** @type {string[]} */
  const suites = [];
  /** @param {One} one */
  const messageOf = ({ failedExpectations = [] }) =>
    failedExpectations.map(({ message, stack }) => `${message}\n${stack ?? ''}`).join('\n\n');
  /** @param {One} one */
  const endOfSuite = (one) => {
    if (one.failedExpectations?.length > 0) record.suiteError({ file: fileOf(one), message: messageOf(one) });
  };
  return {
    /** @param {One} one */
    suiteStarted: (one) => void suites.push(one.description),
    /** @param {One} one */
    suiteDone(one) {
      suites.pop();
      endOfSuite(one);
    },
    /** @param {One} one */
    specDone(one) {
      if (one.status === 'excluded') return;
      const status = one.status === 'passed' || one.status === 'failed' ? one.status : 'skipped';
      const name = [...suites, one.description].join(' > ');
      record.test({
        file: fileOf(one),
        name,
        status,
        ...(status === 'failed' && { message: messageOf(one) }),
      });
    },
    /** @param {One} one */
    jasmineDone(one) {
      endOfSuite(one);
      record.end();
    },
  };
};
