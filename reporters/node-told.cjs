// @ts-check
/**
 * node:test: what its events tell, as a record. They come to a reporter, or from the stream of `run()` of a program.
 */
'use strict';
const { openRecord } = require('./record.cjs');

/**
 * @typedef {{ name: string, nesting: number, file?: string, line?: number, details?: any, skip?: boolean | string, todo?: boolean | string }} Told
 */
exports.openTold = function openTold() {
  const record = openRecord('node-test');
  /** Titles of the tests that are open, by file. @type {Map<string, string[]>} */
  const titles = new Map();
  /** Files of which a test was told. @type {Set<string>} */
  const told = new Set();
  return {
    /** @param {string} type @param {Told} data */
    tell(type, data) {
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
        if (told.has(data.name)) return;
        if (type === 'test:fail') record.suiteError({ file: fileOf(data), message: textOf(error) });
        else record.test({ file: fileOf(data), name: '(file)', status: 'passed' });
        return;
      }
      if (file !== null) told.add(file);
      // A suite, or a test around others, that fails only because one of them did is told by that one.
      if (data.details?.type === 'suite' && (type === 'test:pass' || error?.failureType === 'subtestsFailed')) return;
      const name = [...open.slice(0, data.nesting), data.name].join(' > ');
      const status = statusOf(type, data);
      const message = status === 'failed' ? textOf(error) : undefined;
      record.test({ file, name, status, ...(message && { message }), ...(data.line && { line: data.line }) });
    },
    end: () => record.end(),
  };
};

/** A file that tells no test of its own is one itself, by its path. @param {Told} data */
function isOfWholeFile({ name, nesting, file }) {
  return nesting === 0 && (name === file || (/^(\/|[A-Za-z]:\\)/.test(name) && /\.[cm]?[jt]sx?$/.test(name)));
}

/** @param {Told} data */
function fileOf({ name, file }) {
  return file ?? name;
}

/** @param {any} error */
function textOf(error) {
  const cause = error?.cause ?? error;
  return String(cause?.stack ?? cause?.message ?? cause ?? '');
}

/** @param {string} type @param {Told} data @returns {'passed' | 'failed' | 'skipped' | 'todo'} */
function statusOf(type, data) {
  if (data.skip !== undefined && data.skip !== false) return 'skipped';
  if (data.todo !== undefined && data.todo !== false) return 'todo';
  return type === 'test:pass' ? 'passed' : 'failed';
}
