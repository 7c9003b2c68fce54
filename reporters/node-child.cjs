// @ts-check
/**
 * Runs in the process of one test file of `node --test`. It records whether the file's code ran to its end, and on request
 * which lines ran: V8 counts them, so no code is rewritten and no variable is set.
 */
'use strict';
const { isCoverageAsked, openLines } = require('./record.cjs');

exports.watch = function watch() {
  const [, file] = process.argv;
  process.execArgv = process.execArgv.filter((word) => !word.startsWith('--test-reporter'));
  const say = openLines('child-');
  // If `through` does not follow, the code of the file has ended the process.
  say({ began: file });
  const takeCoverage = isCoverageAsked() ? startCoverage() : undefined;
  let ranToEnd = false;
  process.on('beforeExit', () => (ranToEnd = true));
  process.on('exit', () => {
    if (takeCoverage !== undefined) say({ coverage: takeCoverage() });
    if (ranToEnd)
      say({ through: file, asserts: /** @type {any} */ (process).moduleLoadList.includes('NativeModule assert') });
  });
};

/** Starts V8's block coverage; the returned function gives the counts for files below the working directory. */
function startCoverage() {
  const { Session } = require('node:inspector');
  const { pathToFileURL } = require('node:url');
  const root = `${pathToFileURL(process.cwd()).href}/`;
  const session = new Session();
  session.connect();
  const post = session.post.bind(session);
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return () => {
    /** @type {import('node:inspector').Profiler.ScriptCoverage[]} */
    let scripts = [];
    post('Profiler.takePreciseCoverage', (error, found) => (scripts = error ? [] : found.result));
    return scripts.flatMap(({ url, functions }) => {
      const path = url.startsWith('/') ? pathToFileURL(url).href : url;
      if (!path.startsWith(root) || path.includes('/node_modules/')) return [];
      const ranges = functions.map((fn) => fn.ranges.map((r) => [r.startOffset, r.endOffset, r.count]));
      return [{ file: decodeURIComponent(path.slice('file://'.length).replace(/[?#].*$/, '')), functions: ranges }];
    });
  };
}
