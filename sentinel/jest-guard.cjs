// @ts-check
/**
 * jest: runs in the realm of each test file before its code, and asks after each test whether expectations still bite.
 */
'use strict';
const { findBlunt, guardExpect, lockIntrinsics } = require('./guard.cjs');
const assert = require('node:assert');

/** @type {string[]} */
const broken = [];
/** @param {string} what */
const tell = (what) => void broken.push(what);
lockIntrinsics(tell);
const checkExpect = guardExpect(expect, tell);
for (const name of ['expect', 'test', 'it', 'describe', 'afterEach', 'afterAll', 'beforeEach', 'beforeAll']) {
  const value = /** @type {any} */ (globalThis)[name];
  Object.defineProperty(globalThis, name, {
    get: () => value,
    set: () => tell(`${name} was replaced`),
    // The global of a context cannot hold what may never change.
    configurable: true,
    enumerable: true,
  });
}
const judge = () => {
  const what = broken[0] ?? findBlunt(assert) ?? checkExpect();
  if (what !== undefined) throw new Error(`sentinel: ${what}`);
};
afterEach(judge);
afterAll(judge);
