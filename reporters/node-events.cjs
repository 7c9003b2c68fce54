// @ts-check
/**
 * Turns the events of node:test into a record. The events come from a reporter, or from the stream of `run()` in a program.
 */
'use strict';
const { openRecord } = require('./record.cjs');

/**
 * @typedef {{ name: string, nesting: number, file?: string, line?: number, details?: any, skip?: boolean | string, todo?: boolean | string }} TestEvent
 */
exports.openEventRecord = function openEventRecord() {
  const record = openRecord('node-test');
  /** Titles of the tests that are open, by file. @type {Map<string, string[]>} */
  const titles = new Map();
  /** Files with at least one event of a test. @type {Set<string>} */
  const withTests = new Set();
  return {
    /** @param {string} type @param {TestEvent} data */
    add(type, data) {
      const file = data?.file ?? null;
      const open = titles.get(file ?? '') ?? [];
      if (type === 'test:start') {
        open.length = Math.min(open.length, data.nesting);
        open[data.nesting] = data.name;
        titles.set(file ?? '', open);
      }
      if (type !== 'test:pass' && type !== 'test:fail') return;
      const error = data.details?.error;
      if (isOfWholeFile(data)) {
        if (withTests.has(data.name)) return;
        if (type === 'test:fail') record.suiteError({ file: fileOf(data), message: textOf(error) });
        else record.test({ file: fileOf(data), name: '(file)', status: 'passed' });
        return;
      }
      if (file !== null) withTests.add(file);
      // A suite or a parent test that fails only because of a subtest is not recorded: the subtest is.
      if (data.details?.type === 'suite' && (type === 'test:pass' || error?.failureType === 'subtestsFailed')) return;
      const name = [...open.slice(0, data.nesting), data.name].join(' > ');
      const status = statusOf(type, data);
      const message = status === 'failed' ? textOf(error) : undefined;
      record.test({ file, name, status, ...(message && { message }), ...(data.line && { line: data.line }) });
    },
    end: () => record.end(),
  };
};

/** True for an event of a whole file: node reports a file without tests as one test with the file's path. @param {TestEvent} data */
function isOfWholeFile({ name, nesting, file }) {
  return nesting === 0 && (name === file || (/^(\/|[A-Za-z]:\\)/.test(name) && /\.[cm]?[jt]sx?$/.test(name)));
}

/** @param {TestEvent} data */
function fileOf({ name, file }) {
  return file ?? name;
}

/** @param {any} error */
function textOf(error) {
  const cause = error?.cause ?? error;
  return String(cause?.stack ?? cause?.message ?? cause ?? '');
}

/** @param {string} type @param {TestEvent} data @returns {'passed' | 'failed' | 'skipped' | 'todo'} */
function statusOf(type, data) {
  if (data.skip !== undefined && data.skip !== false) return 'skipped';
  if (data.todo !== undefined && data.todo !== false) return 'todo';
  return type === 'test:pass' ? 'passed' : 'failed';
}
