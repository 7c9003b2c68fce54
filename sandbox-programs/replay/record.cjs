// @ts-check
/**
 * Records the calls of exported functions while a project's tests run: one JSON line for each call, in a file of this process.
 *
 * This text is evaluated at the end of a changed source file (`src/inspect/replay/variant.ts`). It must not change what tests
 * see. If the recorder fails, it records nothing, and the test continues.
 */
'use strict';

/**
 * @typedef {{ folder: string, path: string, kind: string, scope: string[], main: string | undefined }} Options
 * @typedef {{ group: string, seq: number, say: (line: object) => void, modules: Map<string, number>, wrapped: WeakMap<Function, Function> }} State
 * @typedef {{ options: Options, state: State, instance: number, exported: Set<unknown> }} Recorder
 * @typedef {(answer: string | undefined) => void} End
 */
/** For each function, so many calls are recorded, with so many different lists of arguments. */
const MAX_CALLS = 200;
const MAX_ARGUMENT_LISTS = 20;
const MAX_JSON_CHARS = 4096;
const RUNNER_NAME =
  /^(?:jest|vi|vitest|mocha|jasmine|describe|it|test|suite|expect|assert|before|after|beforeEach|afterEach|beforeAll|afterAll|cy|Cypress)$|jest|vitest|mocha|jasmine|playwright|cypress|__coverage__/;
const { apply, getPrototypeOf, ownKeys } = Reflect;
const { stringify } = JSON;
const { is, getOwnPropertyDescriptor } = Object;
const RealDate = Date;
const { hrtime } = process;
const STARTED_MS = RealDate.now();
const STARTED_TICKS_MS = ticksMs();

function ticksMs() {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** True if a test has set the clock: another process could not give the same answer. */
function isClockSet() {
  if (globalThis.Date !== RealDate) return true;
  return Math.abs(RealDate.now() - STARTED_MS - (ticksMs() - STARTED_TICKS_MS)) > 5000;
}

/** @param {Options} options */
module.exports = function createRecorder(options) {
  const state = stateOf(options);
  const instance = (state.modules.get(options.path) ?? 0) + 1;
  state.modules.set(options.path, instance);
  /** @type {Recorder} */
  const recorder = { options, state, instance, exported: new Set() };
  return {
    /** @template T @param {T} value @param {string} name @returns {T} */
    wrap: (value, name) => wrap(recorder, value, name),
    /** @param {{ exports: any }} module */
    wrapAll: (module) => wrapAll(recorder, module),
  };
};

/** Returns the state that all modules with the same global object share, as in one test file. @param {Options} options @returns {State} */
function stateOf(options) {
  const key = Symbol.for('q.calls');
  /** @type {any} */
  const all = globalThis;
  if (all[key] !== undefined) return all[key];
  const group = `${process.pid}-${hrtime.bigint()}`;
  const say = openLines(`${options.folder}/${group}.jsonl`);
  /** @type {State} */
  const state = { group, seq: 0, say, modules: new Map(), wrapped: new WeakMap() };
  Object.defineProperty(all, key, { value: state, enumerable: false });
  const names = Object.getOwnPropertyNames(all).filter((name) => RUNNER_NAME.test(name));
  say({
    ...{
      group,
      argv: process.argv.slice(0, 50),
      execArgv: process.execArgv.slice(0, 50),
      cwd: process.cwd(),
      env: variables(),
    },
    ...{ globals: [...new Set([...options.scope, ...names])], main: options.main },
  });
  return state;
}

function variables() {
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => String(value).length < 1000));
}

/** @param {string} path @returns {(line: object) => void} */
function openLines(path) {
  const { openSync, writeSync, constants } = process.getBuiltinModule('fs');
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;
  const descriptor = openSync(path, flags, 0o644);
  return (line) => quietly(() => writeSync(descriptor, `${stringify(line)}\n`));
}

/** Ignores errors: a call that cannot be recorded is only missing in the replay. @param {() => unknown} act */
function quietly(act) {
  try {
    act();
  } catch {
    // Ignored.
  }
}

/** Returns the JSON of a value; undefined if JSON would not restore exactly this value. @param {unknown} value */
function exact(value) {
  if (!isExact(value, 0, { left: 2000 })) return undefined;
  const text = stringify(value);
  return text.length <= MAX_JSON_CHARS ? text : undefined;
}

/** @param {any} value @param {number} depth @param {{ left: number }} budget @returns {boolean} */
function isExact(value, depth, budget) {
  budget.left -= 1;
  if (budget.left < 0 || depth > 20) return false;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !is(value, -0);
  if (typeof value !== 'object') return false;
  const isList = Array.isArray(value);
  const prototype = getPrototypeOf(value);
  const isPlain = isList || prototype === null || getPrototypeOf(prototype) === null;
  if (!isPlain || typeof value.toJSON === 'function') return false;
  const keys = ownKeys(value).filter((key) => !isList || key !== 'length');
  if (isList && keys.length !== value.length) return false;
  return keys.every((key) => {
    const found = typeof key === 'string' ? getOwnPropertyDescriptor(value, key) : undefined;
    return found?.enumerable === true && 'value' in found && isExact(found.value, depth + 1, budget);
  });
}

/** Returns the files of the call stack, the nearest first. */
function callers() {
  const found = /(?:file:\/\/|node:|\/)[^():\n]+(?=:\d+:\d+)/g;
  return [...new Set(String(new Error().stack).match(found) ?? [])].slice(0, 12);
}

/** True if the call does not depend on an object that a replay could not restore (`this`). @param {Recorder} recorder @param {any} self */
function isIndependent({ exported }, self) {
  if (self === undefined || self === globalThis) return true;
  return Object.prototype.toString.call(self) === '[object Module]' || self?.__esModule === true || exported.has(self);
}

/** @template T @param {Recorder} recorder @param {T} value @param {string} name @returns {T} */
function wrap(recorder, value, name) {
  if (typeof value !== 'function' || /^class\b/.test(Function.prototype.toString.call(value))) return value;
  const { wrapped } = recorder.state;
  const known = wrapped.get(value);
  if (known !== undefined) return /** @type {any} */ (known);
  const begin = createBegin(recorder, name);
  const proxy = new Proxy(value, {
    apply(target, self, args) {
      const end = begin(self, args);
      if (end === undefined) return apply(target, self, args);
      let result;
      try {
        result = apply(target, self, args);
      } catch (error) {
        quietly(() => end(threw(error)));
        throw error;
      }
      quietly(() => recordAnswer(result, end));
      return result;
    },
  });
  wrapped.set(value, proxy);
  return /** @type {any} */ (proxy);
}

/**
 * Makes the function that begins the record of a call. That function returns the one that ends the record; undefined if the call is
 * not recorded.
 *
 * @param {Recorder} recorder @param {string} name
 */
function createBegin(recorder, name) {
  const { options, state, instance } = recorder;
  const { path, kind } = options;
  const { group } = state;
  let calls = 0;
  const argumentLists = new Set();
  /** @param {unknown} self @param {unknown[]} args @returns {End | undefined} */
  return (self, args) => {
    try {
      if (calls >= MAX_CALLS || !isIndependent(recorder, self) || isClockSet()) return undefined;
      const text = exact(args);
      if (text === undefined || (!argumentLists.has(text) && argumentLists.size >= MAX_ARGUMENT_LISTS))
        return undefined;
      calls += 1;
      if (argumentLists.size === 0) state.say({ group, stack: callers(), env: variables() });
      argumentLists.add(text);
      state.seq += 1;
      const line = { group, path, kind, instance, name, n: state.seq, args: text };
      return (answer) => (answer === undefined ? undefined : state.say({ ...line, answer }));
    } catch {
      return undefined;
    }
  };
}

/** @param {any} result @param {End} end */
function recordAnswer(result, end) {
  if (typeof result?.then !== 'function') return end(answerOf(result));
  if (Object.prototype.toString.call(result) !== '[object Promise]') return;
  const fulfilled = /** @param {unknown} settled */ (settled) => quietly(() => end(answerOf(settled)));
  Promise.prototype.then.call(result, fulfilled, (error) => quietly(() => end(threw(error))));
}

/** @param {unknown} result */
function answerOf(result) {
  const text = exact(result);
  return text === undefined ? undefined : `value ${text}`;
}

/** @param {any} error */
function threw(error) {
  return `threw ${String(error?.name ?? typeof error).slice(0, 100)}`;
}

/** Wraps the exports of a CommonJS module. @param {Recorder} recorder @param {{ exports: any }} module */
function wrapAll(recorder, module) {
  const all = module.exports;
  if (all === null || (typeof all !== 'object' && typeof all !== 'function')) return;
  for (const name of ownKeys(all)) {
    const found = getOwnPropertyDescriptor(all, name);
    if (typeof name !== 'string' || found?.writable !== true || !found.enumerable) continue;
    if (typeof found.value === 'function') all[name] = wrap(recorder, found.value, name);
  }
  module.exports = wrap(recorder, all, 'module.exports');
  recorder.exported.add(all).add(module.exports);
}
