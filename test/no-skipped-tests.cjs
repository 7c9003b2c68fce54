// @ts-check
/** A reporter of Jest for CI: the run fails if a test was skipped, and its output names the test. */
class NoSkippedTests {
  /** @type {string[]} */
  skipped = [];

  /**
   * @param {unknown} _
   * @param {{ testFilePath: string, testResults: Array<{ status: string, fullName: string }> }} result
   */
  onTestResult(_, { testFilePath, testResults }) {
    for (const { status, fullName } of testResults)
      if (status !== 'passed' && status !== 'failed') this.skipped.push(`${testFilePath}: ${fullName} (${status})`);
  }

  onRunComplete() {
    if (this.skipped.length > 0)
      process.stderr.write(`CI skips no test, and these were skipped:\n${this.skipped.join('\n')}\n`);
  }

  getLastError() {
    return this.skipped.length === 0 ? undefined : new Error(`${this.skipped.length} tests were skipped`);
  }
}

module.exports = NoSkippedTests;
