// @ts-check
/**
 * mocha: preloaded into its one process, and its reporter as well.
 */
'use strict';
const { relative } = require('node:path');
const { begin } = require('./watch.cjs');
const watched = begin();
let made = 0;

/**
 * What mocha tells of a test, as far as it is read here.
 *
 * @typedef {{ file?: string, titlePath(): string[] }} One
 */

/** @param {import('node:events').EventEmitter} runner */
module.exports = function SentinelReporter(runner) {
  if (watched === undefined) return;
  const { say, tell, check, root } = watched;
  made += 1;
  if (made > 1) tell('the reporter was made by somebody else');
  say({ begin: true });
  let count = 0;
  /** @type {(status: string) => (one: One) => void} */
  const hear = (status) => (one) => {
    const blunt = check();
    if (blunt !== undefined) tell(blunt);
    count += 1;
    // A failed hook is reported in the place of a test.
    say({ test: { file: relative(root, one.file ?? root), name: one.titlePath().join(' > '), status } });
  };
  runner.on('pass', hear('passed'));
  runner.on('fail', hear('failed'));
  runner.on('pending', hear('skipped'));
  runner.on('end', () => say({ end: count }));
};
