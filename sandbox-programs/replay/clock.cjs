// @ts-check
/**
 * Replaces the clock of a process that replays calls: the clock can be moved, and then due timers run.
 *
 * It must be set up before the first module of the project loads.
 */
'use strict';
const timers = require('node:timers');
const { setTimeout: realSetTimeout } = timers;
const timerPromises = require('node:timers/promises');
const { syncBuiltinESMExports } = require('node:module');

const DAY_MS = 86_400_000;
const { apply } = Reflect;
const { setImmediate: realSetImmediate } = globalThis;
const hrtime = process.hrtime.bigint;
/** @type {Set<{ callback: Function, words: unknown[], delay: number }>} */
const pendingTimers = new Set();
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
    const setTracked = (callback, delay, ...words) => {
      const timer = { callback, words, delay: Number(delay) || 0 };
      pendingTimers.add(timer);
      const act = () => {
        if (name === 'setTimeout') pendingTimers.delete(timer);
        return apply(callback, undefined, words);
      };
      const handle = /** @type {any} */ (real)(act, delay);
      handles.set(handle, timer);
      return handle;
    };
    /** @type {any} */ (timers)[name] = setTracked;
    Object.defineProperty(globalThis, name, {
      value: setTracked,
      configurable: true,
      writable: true,
      enumerable: true,
    });
  }
  for (const name of /** @type {const} */ (['clearTimeout', 'clearInterval'])) {
    const real = timers[name];
    /** @param {any} handle */
    const clearTracked = (handle) => {
      pendingTimers.delete(handles.get(handle));
      return real(handle);
    };
    /** @type {any} */ (timers)[name] = clearTracked;
    Object.defineProperty(globalThis, name, {
      value: clearTracked,
      configurable: true,
      writable: true,
      enumerable: true,
    });
  }
  /** @type {any} */ (timerPromises).setTimeout = /** @param {number} delay @param {unknown} value */ (delay, value) =>
    new Promise((resolve) => timers.setTimeout(resolve, delay, value));
  syncBuiltinESMExports();
}

/** Moves the clock by a day and runs the timers that are due within it. */
async function aDayLater() {
  shiftMs = DAY_MS;
  const due = [...pendingTimers].filter(({ delay }) => delay <= DAY_MS).sort((left, right) => left.delay - right.delay);
  for (const { callback, words } of due.slice(0, 200)) {
    try {
      apply(callback, undefined, words);
    } catch {
      // An error of a timer does not belong to a replayed call.
    }
    await new Promise((resolve) => realSetImmediate(resolve));
  }
  await new Promise((resolve) => realSetTimeout(resolve, 5));
}
