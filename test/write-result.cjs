// @ts-check
/** A reporter of Jest for the tests on demand: `WRITE_RESULT=1 npm run test:long` writes the result of a whole run to `docs/long-tests.md`. */
const { execFileSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');

const ROOT = join(__dirname, '..');

/**
 * @typedef {{ testFilePath: string, perfStats: { runtime: number }, numPassingTests: number, numFailingTests: number,
 *   numPendingTests: number }} FileResult
 */

class WriteResult {
  /** @param {unknown} _ @param {{ startTime: number, testResults: FileResult[] }} run */
  onRunComplete(_, { startTime, testResults }) {
    const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
    const rows = [...testResults].sort((one, other) => one.testFilePath.localeCompare(other.testFilePath));
    /** @param {(result: FileResult) => number} count */
    const sum = (count) => rows.reduce((total, row) => total + count(row), 0);
    const text = `# The longest tests

\`WRITE_RESULT=1 npm run test:long\`, ${new Date(startTime).toISOString().slice(0, 10)}, commit ${commit}: builds over the API with every
kind of push, approval, record and retry, many builds at once, and folders of up to 150,000 files. Models are scripted; the
Temporal server, git and sandbox are real. The whole run took ${Math.round((Date.now() - startTime) / 1000)} s.

| file | passed | failed | skipped | seconds |
|---|---|---|---|---|
${rows.map((row) => `| \`${relative(ROOT, row.testFilePath)}\` | ${row.numPassingTests} | ${row.numFailingTests} | ${row.numPendingTests} | ${Math.round(row.perfStats.runtime / 1000)} |`).join('\n')}
| all | ${sum((row) => row.numPassingTests)} | ${sum((row) => row.numFailingTests)} | ${sum((row) => row.numPendingTests)} | |
`;
    writeFileSync(join(ROOT, 'docs/long-tests.md'), text);
  }
}

module.exports = WriteResult;
