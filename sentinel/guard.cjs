// @ts-check
/**
 * Keeps the tools of judgement as they are: assertions, the test functions, the intrinsics they rest on.
 *
 * Locked before project code runs: an assignment changes nothing and is told. Canaries show that they still bite.
 */
'use strict';
const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf } = Object;

/**
 * Hears what was tried.
 *
 * @typedef {(what: string) => void} Tell
 */

/**
 * Locks functions of `target`; `tell` hears what was tried. Subclasses and copies may still have their own.
 *
 * @param {any} target
 * @param {Tell} tell
 * @param {{ label: string, names?: Array<string | symbol> }} as
 */
function lock(target, tell, { label, names = getOwnPropertyNames(target) }) {
  for (const name of names) {
    const found = getOwnPropertyDescriptor(target, name);
    if (found === undefined || typeof found.value !== 'function' || !found.configurable) continue;
    const value = found.value;
    const get = () => value;
    // Libraries that read intrinsics by their descriptors know this mark.
    get.originalValue = value;
    /** @this {unknown} @param {unknown} next */
    const set = function set(next) {
      if (this === target) tell(`${label}.${String(name)} was replaced`);
      else defineProperty(this, name, { value: next, writable: true, enumerable: true, configurable: true });
    };
    defineProperty(target, name, { get, set, enumerable: found.enumerable === true, configurable: false });
  }
}

/**
 * The intrinsics of this realm.
 *
 * @param {Tell} tell
 */
function lockIntrinsics(tell) {
  lock(Object, tell, { label: 'Object', names: ['is', 'keys', 'entries', 'getOwnPropertyNames', 'getPrototypeOf'] });
  lock(Array, tell, { label: 'Array', names: ['isArray'] });
  lock(Array.prototype, tell, {
    label: 'Array.prototype',
    names: ['every', 'some', 'includes', 'filter', 'map', 'forEach', 'indexOf'],
  });
  lock(JSON, tell, { label: 'JSON' });
  lock(Reflect, tell, { label: 'Reflect', names: ['apply', 'ownKeys'] });
  lock(Promise.prototype, tell, { label: 'Promise.prototype' });
  lock(Promise, tell, { label: 'Promise', names: ['reject', 'all', 'race'] });
  lock(RegExp.prototype, tell, { label: 'RegExp.prototype', names: ['test', 'exec'] });
  lock(String.prototype, tell, { label: 'String.prototype', names: ['includes', 'startsWith', 'endsWith', 'match'] });
  // What `for (… of …)` and `for await` ask, ours too.
  lock(getPrototypeOf([][Symbol.iterator]()), tell, { label: 'ArrayIterator.prototype', names: ['next'] });
  lock(Array.prototype, tell, { label: 'Array.prototype', names: [Symbol.iterator] });
  const asyncGenerator = getPrototypeOf(async function* () {}.prototype);
  lock(asyncGenerator, tell, { label: 'AsyncGenerator.prototype', names: ['next', 'return', 'throw'] });
  lock(getPrototypeOf(asyncGenerator), tell, { label: 'AsyncIterator.prototype', names: [Symbol.asyncIterator] });
}

/**
 * What node itself brings for tests, and the ways to look into this process.
 *
 * @param {Tell} tell
 */
function lockNode(tell) {
  const assert = require('node:assert');
  for (const of of [assert, assert.strict]) lock(of, tell, { label: 'assert' });
  lockStreams(tell);
  /** @param {string} what */
  const closed = (what) => () => {
    tell(`${what} was opened`);
    throw new Error(`${what} is closed while tests are judged`);
  };
  /** @type {Array<[string, any]>} */
  const inspectors = [
    ['inspector', require('node:inspector')],
    ['inspector/promises', require('node:inspector/promises')],
  ];
  for (const [name, of] of inspectors) {
    of.Session = class Session {
      constructor() {
        closed(name)();
      }
    };
    of.open = closed(name);
    lock(of, tell, { label: name });
  }
  /** @type {any} */
  const v8 = require('node:v8');
  for (const name of ['getHeapSnapshot', 'writeHeapSnapshot']) v8[name] = closed(`v8.${name}`);
  lock(v8, tell, { label: 'v8' });
}

/**
 * What results of node's runner pass through on their way to the reporter, and what it calls a test by.
 *
 * @param {Tell} tell
 */
function lockStreams(tell) {
  const stream = require('node:stream');
  const { EventEmitter } = require('node:events');
  const { AsyncResource } = require('node:async_hooks');
  const { Stream, Readable, Writable, Duplex, Transform } = stream;
  for (const of of [EventEmitter, Stream, Readable, Writable, Duplex, Transform, AsyncResource]) {
    const names = getOwnPropertyNames(of.prototype).filter((name) => name !== 'constructor');
    lock(of.prototype, tell, { label: `${of.name}.prototype`, names: [...names, Symbol.asyncIterator] });
  }
}

/** @param {() => unknown} act */
const bites = (act) => {
  try {
    act();
    return false;
  } catch {
    return true;
  }
};

/**
 * The first thing that does not bite any more, in words; undefined where all do.
 *
 * @param {typeof import('node:assert')} assert
 */
function findBlunt(assert) {
  /** @type {Record<string, () => boolean>} */
  const canaries = {
    'Object.is': () => !Object.is(1, 2) && Object.is(NaN, NaN),
    'Array.prototype.every': () => ![1, 2].every((one) => one === 1),
    'Array.prototype.includes': () => ![1].includes(2),
    'JSON.stringify': () => JSON.stringify({ a: [1] }) === '{"a":[1]}',
    'RegExp.prototype.test': () => !/a/.test('b'),
    'assert()': () => bites(() => assert(false)),
    'assert.ok': () => bites(() => assert.ok(0)),
    'assert.equal': () => bites(() => assert.equal(1, 2)),
    'assert.strictEqual': () => bites(() => assert.strictEqual(1, 2)),
    'assert.notStrictEqual': () => bites(() => assert.notStrictEqual(1, 1)),
    'assert.deepEqual': () => bites(() => assert.deepEqual({ a: 1 }, { a: 2 })),
    'assert.deepStrictEqual': () => bites(() => assert.deepStrictEqual([1], [2])),
    'assert.throws': () => bites(() => assert.throws(() => undefined)),
    'assert.doesNotThrow': () => bites(() => assert.doesNotThrow(() => assert.fail('canary'))),
    'assert.match': () => bites(() => assert.match('a', /b/)),
    'assert.fail': () => bites(() => assert.fail('canary')),
  };
  for (const name of Object.keys(canaries)) {
    let holds = false;
    try {
      holds = canaries[name]?.() === true;
    } catch {
      // A canary that cannot even run is one that does not bite.
    }
    if (!holds) return `${name} does not do its work any more`;
  }
  return undefined;
}

/**
 * Matchers that `expect.extend` must not take the place of.
 *
 * @param {string} name
 */
const isBuiltIn = (name) =>
  /^(toBe(NaN|Null|Undefined|Defined|Truthy|Falsy|CloseTo|(Greater|Less)Than(OrEqual)?|InstanceOf)?|toEqual|toStrictEqual|toMatch(Object)?|toContain(Equal)?|toHaveLength|toHaveProperty|toThrow(Error)?|to(Have)?(Been)?(Last|Nth)?(Called|Returned?)(Times|With)?)$/.test(
    name,
  );

/**
 * Where jest keeps its matchers, under a symbol that anybody may ask for; vitest has them on the prototype of an expectation.
 *
 * @param {any} expect
 * @param {Tell} tell
 */
function lockMatchers(expect, tell) {
  const kept = /** @type {any} */ (globalThis)[Symbol.for('$$jest-matchers-object')]?.matchers;
  for (const of of [kept, getPrototypeOf(expect(1))]) {
    if (of && of !== Object.prototype)
      lock(of, tell, { label: 'expect()', names: getOwnPropertyNames(of).filter(isBuiltIn) });
  }
}

/**
 * What jest and vitest have in common: `expect`, asked after each test in the realm of the tests.
 *
 * @param {any} expect
 * @param {Tell} tell
 * @returns {() => string | undefined}
 */
function guardExpect(expect, tell) {
  const { extend } = expect;
  /** @param {object} matchers */
  expect.extend = (matchers) => {
    const taken = Object.keys(matchers).find(isBuiltIn);
    if (taken !== undefined) return tell(`expect.${taken} was replaced`);
    return extend.call(expect, matchers);
  };
  lock(expect, tell, { label: 'expect' });
  lockMatchers(expect, tell);
  /** @type {Record<string, () => boolean>} */
  const check = {
    'expect().toBe': () => bites(() => expect(1).toBe(2)),
    'expect().not': () => bites(() => expect(1).not.toBe(1)),
    'expect().toEqual': () => bites(() => expect({ a: 1 }).toEqual({ a: 2 })),
    'expect().toStrictEqual': () => bites(() => expect([1]).toStrictEqual([2])),
    'expect().toThrow': () => bites(() => expect(() => undefined).toThrow()),
    'expect().toContain': () => bites(() => expect([1]).toContain(2)),
    'expect().toBeTruthy': () => bites(() => expect(0).toBeTruthy()),
  };
  return () => {
    const blunt = Object.keys(check).find((name) => check[name]?.() !== true);
    return blunt === undefined ? undefined : `${blunt} does not do its work any more`;
  };
}

module.exports = { lock, lockIntrinsics, lockNode, findBlunt, guardExpect };
