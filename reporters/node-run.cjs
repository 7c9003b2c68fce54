// @ts-check
/**
 * Records the tests of programs that use node:test as a library: borp, and scripts of a project, call `run()` in their own process.
 * It reads the stream of results in addition to the program.
 */
'use strict';
const { syncBuiltinESMExports } = require('node:module');

/** Must run before any import: a module gets the functions that the library exports at that moment. */
exports.listen = function listen() {
  /** @type {any} */
  const library = require('node:test');
  const { run } = library;
  /** @this {any} @param {unknown[]} words */
  library.run = function (...words) {
    const stream = Reflect.apply(run, this, words);
    const record = require('./node-events.cjs').openEventRecord();
    for (const type of ['test:start', 'test:pass', 'test:fail'])
      stream.on(type, /** @param {any} data */ (data) => record.add(type, data));
    // If the program does not read the stream, the stream does not end: then the process's exit ends the record.
    let hasEnded = false;
    const end = () => {
      if (!hasEnded) record.end();
      hasEnded = true;
    };
    stream.once('end', end);
    process.once('exit', end);
    return stream;
  };
  syncBuiltinESMExports();
};
