// @ts-check
/** A reader thread for tests: its input chooses whether it echoes, sleeps, fills memory or throws. */
'use strict';

/** @param {{ name: string, input: { ms?: number, mb?: number } }} reading */
module.exports.read = ({ name, input }) => {
  if (name === 'stand still') for (const end = Date.now() + (input.ms ?? 0); Date.now() < end;);
  if (name === 'fill') {
    const held = [];
    for (;;) held.push(new Array(100_000).fill(Math.random()));
  }
  if (name === 'fail') throw new TypeError('no such thing');
  if (name === 'environment') return Object.keys(process.env).sort();
  return input;
};
