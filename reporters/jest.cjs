// @ts-check
/**
 * The reporter for jest, which runs in addition to those of the project.
 */
'use strict';
const { openRecord } = require('./record.cjs');

/** @typedef {{ title: string, ancestorTitles: string[], status: string, failureMessages?: string[], location?: { line: number } | null }} TestResult */

module.exports = class Reporter {
  constructor() {
    this.record = openRecord('jest');
  }

  /** @param {unknown} _test @param {{ testFilePath: string, testExecError?: unknown, failureMessage?: string | null, testResults: TestResult[] }} result */
  onTestResult(_test, { testFilePath: file, testExecError, failureMessage, testResults }) {
    for (const { title, ancestorTitles, status, failureMessages = [], location } of testResults) {
      const message = failureMessages.join('\n\n');
      const found = statusOf(status);
      this.record.test({
        ...{ file, name: [...ancestorTitles, title].join(' > '), status: found },
        ...(found === 'failed' && { message }),
        ...(location && { line: location.line }),
      });
    }
    const isBroken = testExecError !== undefined && testExecError !== null;
    if (isBroken) this.record.suiteError({ file, message: failureMessage ?? '' });
  }

  onRunComplete() {
    this.record.end();
  }

  getLastError() {
    return undefined;
  }
};

/** @param {string} status @returns {'passed' | 'failed' | 'skipped' | 'todo'} */
function statusOf(status) {
  if (status === 'passed' || status === 'failed' || status === 'todo') return status;
  return 'skipped';
}
