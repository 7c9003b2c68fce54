// @ts-check
/**
 * node:test as a library: programs such as borp, and scripts of a project, call `run()` in their own process. Its stream is
 * listened to beside what the program does with it.
 */
'use strict';
const { syncBuiltinESMExports } = require('node:module');

/** Ahead of any import: modules take what the library exports at that moment. */
exports.listen = function listen() {
  /** @type {any} */
  const library = require('node:test');
  const { run } = library;
  /** @this {any} @param {unknown[]} words */
  library.run = function (...words) {
    const stream = Reflect.apply(run, this, words);
    const told = require('./node-told.cjs').openTold();
    for (const type of ['test:start', 'test:pass', 'test:fail'])
      stream.on(type, /** @param {any} data */ (data) => told.tell(type, data));
    // A stream that the program does not read has no end of its own.
    let hasEnded = false;
    const end = () => {
      if (!hasEnded) told.end();
      hasEnded = true;
    };
    stream.once('end', end);
    process.once('exit', end);
    return stream;
  };
  syncBuiltinESMExports();
};
