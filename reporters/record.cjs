// @ts-check
/**
 * Writes the record of one test process: JSON lines in a file of its own, which the worker reads after the run.
 *
 * A reporter must not disturb a test run: if the file cannot be written, it records nothing and reports no error.
 */
'use strict';
const { closeSync, existsSync, openSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const FOLDER = join(__dirname, '..', 'report');
/** Longer messages are cut; the worker may cut them further. */
const MAX_MESSAGE_CHARS = 16_000;

/**
 * One test. `file` is an absolute path, or null if it is not known.
 *
 * @typedef {{ file: string | null, name: string, status: 'passed' | 'failed' | 'skipped' | 'todo', message?: string, diff?: string, line?: number }} Test
 * @typedef {{ test(test: Test): void, suiteError(error: { file: string | null, message: string }): void, end(): void }} Record
 */

/** True if the worker asks for coverage. */
exports.isCoverageAsked = () => existsSync(join(FOLDER, 'coverage'));

/**
 * Opens the record of this process.
 *
 * @param {string} runner
 * @returns {Record}
 */
exports.openRecord = function openRecord(runner) {
  const write = openLines(`${runner}-`);
  let count = 0;
  write({ v: 1, runner, begin: true });
  return {
    test(test) {
      count += 1;
      write({ test: { ...test, message: cut(test.message), diff: cut(test.diff) } });
    },
    suiteError: (error) => write({ suiteError: { ...error, message: cut(error.message) } }),
    end: () => write({ end: count }),
  };
};

/**
 * Opens a file for lines of this process; returns the function that writes a line.
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
  if (text === undefined || text.length <= MAX_MESSAGE_CHARS) return text;
  return `${text.slice(0, MAX_MESSAGE_CHARS)}\n[cut: ${text.length - MAX_MESSAGE_CHARS} more characters]`;
}
