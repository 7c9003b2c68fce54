// @ts-check
/**
 * The record of one test process: JSON lines in a file of its own, which the worker reads after the run.
 *
 * The folder lies beside this one. A reporter never disturbs a test run: where nothing can be written, nothing is said.
 */
'use strict';
const { closeSync, existsSync, openSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const FOLDER = join(__dirname, '..', 'report');
/** Longer messages are cut here already; the worker says so where it cuts further. */
const MESSAGE_CHARS = 16_000;

/**
 * One test. `file` is absolute where it is known.
 *
 * @typedef {{ file: string | null, name: string, status: 'passed' | 'failed' | 'skipped' | 'todo', message?: string, diff?: string, line?: number }} Test
 * @typedef {{ test(test: Test): void, suiteError(error: { file: string | null, message: string }): void, end(): void }} Record
 */

/** True where the worker asks which lines run. */
exports.isCoverageAsked = () => existsSync(join(FOLDER, 'coverage'));

/**
 * Opens the record of this process.
 *
 * @param {string} runner
 * @returns {Record}
 */
exports.openRecord = function openRecord(runner) {
  const say = openLines(`${runner}-`);
  let count = 0;
  say({ v: 1, runner, begin: true });
  return {
    test(test) {
      count += 1;
      say({ test: { ...test, message: cut(test.message), diff: cut(test.diff) } });
    },
    suiteError: (error) => say({ suiteError: { ...error, message: cut(error.message) } }),
    end: () => say({ end: count }),
  };
};

/**
 * What a process says beside its tests.
 *
 * @param {string} prefix
 * @returns {(line: object) => void}
 */
const openLines = (prefix) => {
  const name = `${prefix}${process.pid}-${process.hrtime.bigint()}.jsonl`;
  const { stringify } = JSON;
  /** @type {number | undefined} */
  let descriptor;
  try {
    descriptor = openSync(join(FOLDER, name), 'a', 0o644);
  } catch {
    return () => undefined;
  }
  return (line) => {
    if (descriptor === undefined) return;
    try {
      const bytes = Buffer.from(`${stringify(line)}\n`);
      for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    } catch {
      closeSync(descriptor);
      descriptor = undefined;
    }
  };
};
exports.openLines = openLines;

/** @param {string | undefined} text */
function cut(text) {
  if (text === undefined || text.length <= MESSAGE_CHARS) return text;
  return `${text.slice(0, MESSAGE_CHARS)}\n[cut: ${text.length - MESSAGE_CHARS} more characters]`;
}
