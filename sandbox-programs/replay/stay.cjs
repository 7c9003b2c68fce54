// @ts-check
/**
 * Replays the recorded calls in one long-lived process: many times, in parallel, after a garbage collection, with changed
 * arguments, and with the clock moved by a day. It reports answers that differ from the first one.
 *
 * Functions whose first answers already differ have state or use random numbers: they are not reported.
 */
'use strict';
const { join } = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const clock = require(join(__dirname, 'clock.cjs'));

/**
 * @typedef {import('../../src/domain/experiments/replay-setting').ReplayCall} ReplayCall
 * @typedef {import('../../src/domain/experiments/replay-setting').TrialKind} TrialKind
 * @typedef {{ call: ReplayCall, key: string, fn: Function, self: unknown, first: string, isAsync: boolean }} Replay
 * @typedef {{ fn: Function, self: unknown }} Found
 * @typedef {{ calls: ReplayCall[], ms: number, find: (call: ReplayCall) => Promise<Found | string>, answerOf: (value: unknown) => string,
 *   threw: (error: unknown) => string, inTime: (answered: Promise<string>) => Promise<string>, say: (line: object) => void }} Tools
 */
const FIRST_ANSWERS = 50;
const MIN_ROUNDS = 12;
const MAX_ROUNDS = 6000;
/** The processor time for the rounds of one function. */
const FUNCTION_CPU_MS = 300;
const { parse, stringify } = JSON;
const { apply } = Reflect;
const { isArray } = Array;
const { setImmediate: realSetImmediate } = globalThis;
const hrtime = process.hrtime.bigint;
const nowMs = () => Number(hrtime()) / 1e6;
const { cpuUsage } = process;
/** Returns the processor time of this process: the number of calls does not depend on how busy the machine is. */
const cpuMs = () => {
  const { user, system } = cpuUsage();
  return (user + system) / 1e3;
};
const nextTurn = () => new Promise((resolve) => realSetImmediate(resolve));

/** Prepares the process; must be called before the first module of the project loads. @param {Tools} tools */
module.exports = function prepare(tools) {
  clock.keepTimes();
  process.exit = /** @type {any} */ (
    () => {
      throw new Error('exit');
    }
  );
  return () => run(tools);
};

/** @param {Tools} tools */
async function run(tools) {
  const { say, find, calls } = tools;
  /** @type {Replay[]} */
  const replays = [];
  for (const call of calls) {
    const found = await find(call);
    if (typeof found !== 'string')
      replays.push({ ...found, call, key: `${call.path}\n${call.name}`, first: '', isAsync: false });
  }
  const reported = await firstRounds(tools, replays);
  for (const { call, first } of replays) say({ n: call.n, trial: 'first', at: 0, answer: first.slice(0, 20_000) });
  /** @param {Replay} replay @param {TrialKind} trial @param {string} text @param {number} at */
  const report = ({ call, key }, trial, text, at) => {
    reported.add(key);
    say({ n: call.n, trial, at, answer: text.slice(0, 20_000) });
  };
  /** @param {TrialKind} trial */
  const round = async (trial) => {
    for (const replay of replays) {
      const text = await ask(tools, replay);
      if (!reported.has(replay.key) && text !== replay.first) report(replay, trial, text, FIRST_ANSWERS);
    }
  };
  await collect();
  await round('collected');
  const independent = await independentOf(
    tools,
    replays.filter(({ key }) => !reported.has(key)),
  );
  for (const [replay, text] of await inParallel(tools, independent))
    if (!reported.has(replay.key)) report(replay, 'at_once', text, 0);
  // The calls above may have changed state: this round restores it, and its answers are not compared.
  for (const replay of replays) await ask(tools, replay);
  await round('many');
  await manyTimes(tools, { replays, reported, report });
  await clock.aDayLater();
  await round('day_later');
  for (const replay of independent) {
    const text = await askAltered(tools, replay);
    if (text !== undefined && !reported.has(replay.key)) report(replay, 'altered', text, 0);
  }
}

/** @param {Tools} tools @param {Replay} replay @param {string} [args] @returns {string | Promise<string>} */
function ask(tools, replay, args = replay.call.args) {
  return askWith(tools, replay, parse(args));
}

/** @param {Tools} tools @param {Replay} replay @param {unknown[]} args @returns {string | Promise<string>} */
function askWith({ answerOf, threw, inTime }, replay, args) {
  try {
    /** @type {any} */
    const result = apply(replay.fn, replay.self, args);
    if (typeof result?.then !== 'function') return answerOf(result);
    replay.isAsync = true;
    return inTime(Promise.resolve(result).then(answerOf, threw));
  } catch (error) {
    return threw(error);
  }
}

/** Makes all calls in their order, so that each finds the state that the calls before it have made. @param {Tools} tools @param {Replay[]} replays */
async function firstRounds(tools, replays) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const unsteady = new Set();
  for (const { key } of replays) counts.set(key, (counts.get(key) ?? 0) + 1);
  const rounds = Math.max(MIN_ROUNDS, Math.ceil(FIRST_ANSWERS / Math.min(...counts.values())));
  const startedAt = nowMs();
  for (let made = 0; made < rounds && (made < 3 || nowMs() - startedAt < tools.ms / 3); made++) {
    for (const replay of replays) {
      const text = await ask(tools, replay);
      if (made === 0) replay.first = text;
      if (text !== replay.first || text === 'other pending') unsteady.add(replay.key);
    }
    if (nowMs() - startedAt > tools.ms) break;
  }
  return unsteady;
}

/** Returns the calls whose answer does not depend on calls of other functions. @param {Tools} tools @param {Replay[]} replays */
async function independentOf(tools, replays) {
  const dependent = new Set();
  for (const key of new Set(replays.map((replay) => replay.key)))
    for (let round = 0; round < 2; round++)
      for (const replay of replays)
        if (replay.key === key && (await ask(tools, replay)) !== replay.first) dependent.add(key);
  return replays.filter(({ key }) => !dependent.has(key));
}

/**
 * Adds an item to arguments that the function has already seen. Returns the answer if it differs from the answer to equal new
 * arguments: then the function remembers objects and not their contents.
 *
 * @param {Tools} tools @param {Replay} replay
 */
async function askAltered(tools, replay) {
  const args = parse(replay.call.args);
  if (!alter(parse(replay.call.args))) return undefined;
  await askWith(tools, replay, args);
  if (stringify(args) !== stringify(parse(replay.call.args))) return undefined;
  alter(args);
  const text = stringify(args);
  const fresh = await ask(tools, replay, text);
  const same = await askWith(tools, replay, args);
  return same !== fresh && (await ask(tools, replay, text)) === fresh ? same : undefined;
}

/** Adds an item to the first list among the arguments, or in their first object. Returns false if there is none. @param {unknown[]} args */
function alter(args) {
  const list = args.find((list) => isArray(list) && list.length > 0);
  if (isArray(list)) return list.push(parse(stringify(list.at(-1)))) > 0;
  const record = args.find((arg) => typeof arg === 'object' && arg !== null && !isArray(arg));
  const [inner] = !record ? [] : Object.values(record).filter((list) => isArray(list) && list.length > 0);
  if (inner === undefined) return false;
  return inner.push(parse(stringify(inner.at(-1)))) > 0;
}

async function collect() {
  v8.setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc');
  for (let round = 0; round < 2; round++) {
    // Weak references are kept until the current job ends, so the collection runs in a new one.
    await nextTurn();
    gc();
  }
  await nextTurn();
}

/** @param {Tools} tools @param {Replay[]} independent @returns {Promise<Array<[Replay, string]>>} */
async function inParallel(tools, independent) {
  /** @type {Array<[Replay, string]>} */
  const other = [];
  for (const key of new Set(independent.filter(({ isAsync }) => isAsync).map((replay) => replay.key))) {
    const calls = independent.filter((replay) => replay.key === key);
    const twice = [...calls, ...calls];
    // If the calls already answer otherwise, calls of other functions are the cause.
    if (!(await isAsAtFirst(tools, calls))) continue;
    const texts = await Promise.all(twice.map((replay) => ask(tools, replay)));
    await nextTurn();
    if (!(await isAsAtFirst(tools, calls))) continue;
    // A function may refuse parallel calls with an error.
    twice.forEach((replay, index) => {
      const text = String(texts[index]);
      if (text !== replay.first && !text.startsWith('threw ')) other.push([replay, text]);
    });
  }
  return other;
}

/** True if the calls, one after the other, still give their first answers. @param {Tools} tools @param {Replay[]} calls */
async function isAsAtFirst(tools, calls) {
  for (const replay of calls) if ((await ask(tools, replay)) !== replay.first) return false;
  return true;
}

/** @param {Tools} tools @param {{ replays: Replay[], reported: Set<unknown>, report: (replay: Replay, trial: TrialKind, text: string, at: number) => void }} input */
async function manyTimes(tools, { replays, reported, report }) {
  const maxCpuMs = cpuMs() + tools.ms;
  const end = nowMs() + 3 * tools.ms;
  for (const path of new Set(replays.map(({ call }) => call.path))) {
    const calls = replays.filter(({ call }) => call.path === path);
    const keys = [...new Set(calls.map(({ key }) => key))];
    const until = Math.min(maxCpuMs, cpuMs() + FUNCTION_CPU_MS * keys.length);
    const isOver = () => cpuMs() >= until || nowMs() >= end;
    for (let made = 1; made <= MAX_ROUNDS && !isOver() && keys.some((key) => !reported.has(key)); made++)
      for (const replay of calls) {
        const answered = ask(tools, replay);
        const text = typeof answered === 'string' ? answered : await answered;
        if (text !== replay.first && !reported.has(replay.key)) report(replay, 'many', text, made + MIN_ROUNDS);
      }
  }
}
