// @ts-check
/**
 * Begins a trusted process: channel, coverage, locks, and the last word at exit. Loaded before any code of the project.
 *
 * What says nothing at the end was ended by somebody: silence never counts as success.
 */
'use strict';
const { open } = require('./channel.cjs');
const { findBlunt, lockIntrinsics, lockNode } = require('./guard.cjs');

/** Undefined in processes that are not watched. */
exports.begin = function begin() {
  const say = open();
  if (say === undefined) return undefined;
  const assert = require('node:assert');
  const takeCoverage = startCoverage();
  /** @param {string} broken */
  const tell = (broken) => say({ broken });
  lockNode(tell);
  lockIntrinsics(tell);
  let natural = false;
  process.on('beforeExit', () => (natural = true));
  process.on('exit', (code) => {
    const blunt = findBlunt(assert);
    if (blunt !== undefined) tell(blunt);
    say({ coverage: takeCoverage() });
    say({ exit: { code: Number(code), natural } });
  });
  return { say, tell, check: () => findBlunt(assert), root: process.cwd() };
};

/** Of files below the working directory, by block. Kept in V8 itself: no file that the project could write. */
function startCoverage() {
  const { Session } = require('node:inspector');
  const root = `file://${process.cwd()}/`;
  const session = new Session();
  session.connect();
  const ask = session.post.bind(session);
  ask('Profiler.enable');
  ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return () => {
    /** @type {import('node:inspector').Profiler.ScriptCoverage[] | null} */
    let scripts = null;
    ask('Profiler.takePreciseCoverage', (error, found) => (scripts = error ? null : found.result));
    if (scripts === null) return null;
    return /** @type {import('node:inspector').Profiler.ScriptCoverage[]} */ (scripts).flatMap(({ url, functions }) => {
      const path = url.startsWith('/') ? `file://${url}` : url;
      if (!path.startsWith(root) || path.includes('/node_modules/')) return [];
      const ranges = functions.map((one) => one.ranges.map((r) => [r.startOffset, r.endOffset, r.count]));
      return [{ file: decodeURIComponent(path.slice(root.length).replace(/[?#].*$/, '')), functions: ranges }];
    });
  };
}
