// @ts-check
/**
 * jest: preloaded into its one process, and its reporter as well.
 */
'use strict';
const { relative } = require('node:path');
const { begin } = require('./watch.cjs');
const watched = begin();
let made = 0;

/**
 * What jest tells of a test file and of one test, as far as it is read here.
 *
 * @typedef {NonNullable<typeof watched>} Watched
 * @typedef {{ status: string, failing?: boolean, title: string, ancestorTitles: string[] }} One
 * @typedef {{ statementMap: Record<string, { start: { line: number } }>, s: Record<string, number> }} FileCoverage
 * @typedef {{ data?: Record<string, FileCoverage> }} CoverageMap
 * @typedef {{ testExecError?: unknown, failureMessage?: string | null, testResults: One[], coverage?: CoverageMap }} FileResult
 */

module.exports = class SentinelReporter {
  constructor() {
    this.count = 0;
    made += 1;
    if (watched === undefined) return;
    if (made > 1) watched.tell('the reporter was made by somebody else');
    else watched.say({ begin: true });
  }

  /** @param {{ path: string }} test @param {FileResult} result */
  onTestFileResult(test, result) {
    const { say, root } = /** @type {Watched} */ (watched);
    const file = relative(root, test.path);
    if (result.testExecError || (result.failureMessage && result.testResults.length === 0)) {
      this.count += 1;
      say({ test: { file, name: '(file)', status: 'failed' } });
    }
    for (const one of result.testResults) {
      this.count += 1;
      say({ test: { file, name: [...one.ancestorTitles, one.title].join(' > '), status: statusOf(one) } });
    }
    if (result.coverage) say({ lines: linesOf(result.coverage, root) });
  }

  onRunComplete() {
    /** @type {Watched} */ (watched).say({ end: this.count });
  }

  getLastError() {}
};

/**
 * A test that is expected to fail proves nothing about what is there.
 *
 * @param {One} one
 */
function statusOf({ status, failing }) {
  if (status === 'todo') return 'todo';
  if (status === 'passed' && failing) return 'skipped';
  return status === 'passed' || status === 'failed' ? status : 'skipped';
}

/**
 * Statement counts as `{file: [[line, hits]]}`.
 *
 * @param {CoverageMap} coverage
 * @param {string} root
 */
function linesOf(coverage, root) {
  /** @type {Record<string, Array<[number, number]>>} */
  const found = {};
  const files = /** @type {Record<string, FileCoverage>} */ (coverage.data ?? coverage);
  for (const [path, { statementMap, s }] of Object.entries(files)) {
    const lines = new Map();
    for (const [id, { start }] of Object.entries(statementMap)) {
      lines.set(start.line, Math.max(lines.get(start.line) ?? 0, s[id] ?? 0));
    }
    found[relative(root, path)] = [...lines];
  }
  return found;
}
