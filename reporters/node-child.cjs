// @ts-check
/**
 * node --test: in the process of one test file. Tells where the code ended the process by itself, and which lines ran where
 * the worker asks for it: V8 counts them, no code is rewritten and no variable is set.
 */
'use strict';
const { isCoverageAsked, openLines } = require('./record.cjs');

exports.watch = function watch() {
  const [, file] = process.argv;
  process.execArgv = process.execArgv.filter((word) => !word.startsWith('--test-reporter'));
  const say = openLines('child-');
  // A file that begins and does not get through was ended by its own code.
  say({ began: file });
  const takeCoverage = isCoverageAsked() ? startCoverage() : undefined;
  let isNatural = false;
  process.on('beforeExit', () => (isNatural = true));
  process.on('exit', () => {
    if (takeCoverage !== undefined) say({ coverage: takeCoverage() });
    if (isNatural)
      say({ through: file, asserts: /** @type {any} */ (process).moduleLoadList.includes('NativeModule assert') });
  });
};

/** Of files below the working directory, by block. */
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
      const ranges = functions.map((one) => one.ranges.map((r) => [r.startOffset, r.endOffset, r.count]));
      return [{ file: decodeURIComponent(path.slice('file://'.length).replace(/[?#].*$/, '')), functions: ranges }];
    });
  };
}
