// @ts-check
/**
 * vitest: runs before each test file's code, and asks after each test whether expectations still bite.
 */
import assert from 'node:assert';
import { createRequire } from 'node:module';
import { afterAll, afterEach, expect } from 'vitest';

const { findBlunt, guardExpect, lockIntrinsics, lockNode } = createRequire(import.meta.url)('./guard.cjs');
/** @type {string[]} */
const broken = [];
/** @param {string} what */
const tell = (what) => void broken.push(what);
lockIntrinsics(tell);
lockNode(tell);
const checkExpect = guardExpect(expect, tell);
const judge = () => {
  const what = broken[0] ?? findBlunt(assert) ?? checkExpect();
  if (what !== undefined) throw new Error(`sentinel: ${what}`);
};
afterEach(judge);
afterAll(judge);
