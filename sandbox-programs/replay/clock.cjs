// @ts-check
/**
 * The clock of a process that makes recorded calls: it can be set to another time, and what waits for that time has its turn.
 *
 * It is set up before the first module of the project loads.
 */
'use strict';
const timers = require('node:timers');
const { setTimeout: later } = timers;
const promised = require('node:timers/promises');
const { syncBuiltinESMExports } = require('node:module');

const DAY_MS = 86_400_000;
const { apply } = Reflect;
const { setImmediate: soon } = globalThis;
const hrtime = process.hrtime.bigint;
/** @type {Set<{ callback: Function, words: unknown[], delay: number }>} */
const waiting = new Set();
/** @type {WeakMap<object, any>} */
const handles = new WeakMap();
let shiftMs = 0;

module.exports = { aDayLater, define, keepTimes, moveClock };

/** @param {string} name @param {unknown} value */
function define(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
}

/** @param {() => number} byMs */
function moveClock(byMs) {
  const RealDate = Date;
  const { now: real } = RealDate;
  const now = () => real() + byMs();
  const Moved = new Proxy(RealDate, {
    construct: (target, words, made) => Reflect.construct(target, words.length === 0 ? [now()] : words, made),
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  RealDate.prototype.constructor = Moved;
  define('Date', Moved);
}

function keepTimes() {
  moveClock(() => shiftMs);
  moveTicks();
  keepTimers();
}

function moveTicks() {
  const { now } = performance;
  const { uptime } = process;
  Object.defineProperty(performance, 'now', { value: () => apply(now, performance, []) + shiftMs, configurable: true });
  process.uptime = () => uptime.call(process) + shiftMs / 1e3;
  const ticks = process.hrtime;
  /** @param {[number, number]} [since] */
  const moved = (since) => {
    const [seconds, nanoseconds] = ticks.call(process, since);
    return [seconds + Math.floor(shiftMs / 1e3), nanoseconds];
  };
  moved.bigint = () => hrtime() + BigInt(shiftMs) * 1_000_000n;
  process.hrtime = /** @type {any} */ (moved);
}

function keepTimers() {
  for (const name of /** @type {const} */ (['setTimeout', 'setInterval'])) {
    const real = timers[name];
    /** @param {Function} callback @param {number} delay @param {unknown[]} words */
    const kept = (callback, delay, ...words) => {
      const timer = { callback, words, delay: Number(delay) || 0 };
      waiting.add(timer);
      const act = () => {
        if (name === 'setTimeout') waiting.delete(timer);
        return apply(callback, undefined, words);
      };
      const handle = /** @type {any} */ (real)(act, delay);
      handles.set(handle, timer);
      return handle;
    };
    /** @type {any} */ (timers)[name] = kept;
    Object.defineProperty(globalThis, name, { value: kept, configurable: true, writable: true, enumerable: true });
  }
  for (const name of /** @type {const} */ (['clearTimeout', 'clearInterval'])) {
    const real = timers[name];
    /** @param {any} handle */
    const cleared = (handle) => {
      waiting.delete(handles.get(handle));
      return real(handle);
    };
    /** @type {any} */ (timers)[name] = cleared;
    Object.defineProperty(globalThis, name, { value: cleared, configurable: true, writable: true, enumerable: true });
  }
  /** @type {any} */ (promised).setTimeout = /** @param {number} delay @param {unknown} value */ (delay, value) =>
    new Promise((resolve) => timers.setTimeout(resolve, delay, value));
  syncBuiltinESMExports();
}

/** What waits for a time within a day has its turn. */
async function aDayLater() {
  shiftMs = DAY_MS;
  const due = [...waiting].filter(({ delay }) => delay <= DAY_MS).sort((one, other) => one.delay - other.delay);
  for (const { callback, words } of due.slice(0, 200)) {
    try {
      apply(callback, undefined, words);
    } catch {
      // What a timer throws is no answer of a function.
    }
    await new Promise((resolve) => soon(resolve));
  }
  await new Promise((resolve) => later(resolve, 5));
}
