// @ts-check
/**
 * The reporter for playwright test, which runs in addition to those of the project.
 */
'use strict';
const { openRecord } = require('./record.cjs');

module.exports = class Reporter {
  constructor() {
    delete process.env.PW_TEST_REPORTER;
    this.record = openRecord('playwright');
    /** @type {any} */
    this.suite = undefined;
  }

  version() {
    return 'v2';
  }

  printsToStdio() {
    return false;
  }

  /** @param {any} suite */
  onBegin(suite) {
    this.suite = suite;
  }

  /** @param {{ message?: string, stack?: string, location?: { file: string } }} error */
  onError(error) {
    this.record.suiteError({ file: error.location?.file ?? null, message: error.stack ?? error.message ?? '' });
  }

  onEnd() {
    for (const test of this.suite?.allTests() ?? []) {
      const outcome = test.outcome();
      // The first three titles are the root, the project and the file.
      const name = test.titlePath().slice(3).join(' > ');
      const errors = test.results.at(-1)?.errors ?? [];
      const message = errors.map(/** @param {any} error */ (error) => error.stack ?? error.message ?? '').join('\n\n');
      const status = outcome === 'skipped' ? 'skipped' : outcome === 'unexpected' ? 'failed' : 'passed';
      this.record.test({
        ...{ file: test.location.file, name, status, line: test.location.line },
        ...(status === 'failed' && { message }),
      });
    }
    this.record.end();
  }
};
