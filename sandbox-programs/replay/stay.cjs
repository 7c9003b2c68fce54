// @ts-check
/**
 * Makes the recorded calls in one process that lives long: many times, at once, after garbage was collected, with altered
 * arguments, and a day later. It tells what was answered otherwise than at first.
 *
 * Functions whose first answers differ from each other have state or draw lots: nothing is told of them.
 */
'use strict';
const { join } = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const clock = require(join(__dirname, 'clock.cjs'));

/**
 * @typedef {import('../../src/domain/experiments/replay-setting').AskedCall} AskedCall
 * @typedef {import('../../src/domain/experiments/replay-setting').TrialKind} TrialKind
 * @typedef {{ call: AskedCall, key: string, fn: Function, self: unknown, first: string, isAsync: boolean }} One
 * @typedef {{ fn: Function, self: unknown }} Found
 * @typedef {{ calls: AskedCall[], ms: number, find: (call: AskedCall) => Promise<Found | string>, answerOf: (value: unknown) => string,
 *   threw: (error: unknown) => string, inTime: (answered: Promise<string>) => Promise<string>, say: (line: object) => void }} Tools
 */
const FIRST_ANSWERS = 50;
const LEAST_ROUNDS = 12;
const MOST_ROUNDS = 6000;
const FUNCTION_MS = 300;
const { parse, stringify } = JSON;
const { apply } = Reflect;
const { isArray } = Array;
const { setImmediate: soon } = globalThis;
const hrtime = process.hrtime.bigint;
const nowMs = () => Number(hrtime()) / 1e6;
const { cpuUsage } = process;
/** What the process itself had: a machine that is busy makes no fewer calls. */
const workMs = () => {
  const { user, system } = cpuUsage();
  return (user + system) / 1e3;
};
const turn = () => new Promise((resolve) => soon(resolve));

/** @param {Tools} tools Called before the first module of the project loads. */
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
  /** @type {One[]} */
  const ones = [];
  for (const call of calls) {
    const found = await find(call);
    if (typeof found !== 'string')
      ones.push({ ...found, call, key: `${call.path}\n${call.name}`, first: '', isAsync: false });
  }
  const told = await firstRounds(tools, ones);
  for (const { call, first } of ones) say({ n: call.n, trial: 'first', at: 0, answer: first.slice(0, 20_000) });
  /** @param {One} one @param {TrialKind} trial @param {string} text @param {number} at */
  const tell = ({ call, key }, trial, text, at) => {
    told.add(key);
    say({ n: call.n, trial, at, answer: text.slice(0, 20_000) });
  };
  /** @param {TrialKind} trial */
  const round = async (trial) => {
    for (const one of ones) {
      const text = await ask(tools, one);
      if (!told.has(one.key) && text !== one.first) tell(one, trial, text, FIRST_ANSWERS);
    }
  };
  await collect();
  await round('collected');
  const free = await freeOf(
    tools,
    ones.filter(({ key }) => !told.has(key)),
  );
  for (const [one, text] of await atOnce(tools, free)) if (!told.has(one.key)) tell(one, 'at_once', text, 0);
  // The first of two rounds makes again what the calls before it had changed.
  for (const one of ones) await ask(tools, one);
  await round('many');
  await manyTimes(tools, { ones, told, tell });
  await clock.aDayLater();
  await round('day_later');
  for (const one of free) {
    const text = await askAltered(tools, one);
    if (text !== undefined && !told.has(one.key)) tell(one, 'altered', text, 0);
  }
}

/** @param {Tools} tools @param {One} one @param {string} [args] @returns {string | Promise<string>} */
function ask(tools, one, args = one.call.args) {
  return askWith(tools, one, parse(args));
}

/** @param {Tools} tools @param {One} one @param {unknown[]} args @returns {string | Promise<string>} */
function askWith({ answerOf, threw, inTime }, one, args) {
  try {
    /** @type {any} */
    const result = apply(one.fn, one.self, args);
    if (typeof result?.then !== 'function') return answerOf(result);
    one.isAsync = true;
    return inTime(Promise.resolve(result).then(answerOf, threw));
  } catch (error) {
    return threw(error);
  }
}

/** All calls in their order, so that each finds what the calls before it have made. @param {Tools} tools @param {One[]} ones */
async function firstRounds(tools, ones) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const unsteady = new Set();
  for (const { key } of ones) counts.set(key, (counts.get(key) ?? 0) + 1);
  const rounds = Math.max(LEAST_ROUNDS, Math.ceil(FIRST_ANSWERS / Math.min(...counts.values())));
  const began = nowMs();
  for (let made = 0; made < rounds && (made < 3 || nowMs() - began < tools.ms / 3); made++) {
    for (const one of ones) {
      const text = await ask(tools, one);
      if (made === 0) one.first = text;
      if (text !== one.first || text === 'other pending') unsteady.add(one.key);
    }
    if (nowMs() - began > tools.ms) break;
  }
  return unsteady;
}

/** Those that answer the same without the calls of other functions between them. @param {Tools} tools @param {One[]} ones */
async function freeOf(tools, ones) {
  const bound = new Set();
  for (const key of new Set(ones.map((one) => one.key)))
    for (let again = 0; again < 2; again++)
      for (const one of ones) if (one.key === key && (await ask(tools, one)) !== one.first) bound.add(key);
  return ones.filter(({ key }) => !bound.has(key));
}

/** The answer to the same objects after an item was added to them, where equal objects get another one. @param {Tools} tools @param {One} one */
async function askAltered(tools, one) {
  const args = parse(one.call.args);
  if (!alter(parse(one.call.args))) return undefined;
  await askWith(tools, one, args);
  if (stringify(args) !== stringify(parse(one.call.args))) return undefined;
  alter(args);
  const text = stringify(args);
  const fresh = await ask(tools, one, text);
  const same = await askWith(tools, one, args);
  return same !== fresh && (await ask(tools, one, text)) === fresh ? same : undefined;
}

/** Adds to the first list or record among the arguments. @param {unknown[]} args */
function alter(args) {
  const list = args.find((one) => isArray(one) && one.length > 0);
  if (isArray(list)) return list.push(parse(stringify(list.at(-1)))) > 0;
  const record = args.find((one) => typeof one === 'object' && one !== null && !isArray(one));
  const [inner] = !record ? [] : Object.values(record).filter((one) => isArray(one) && one.length > 0);
  if (inner === undefined) return false;
  return inner.push(parse(stringify(inner.at(-1)))) > 0;
}

async function collect() {
  v8.setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc');
  for (let again = 0; again < 2; again++) {
    // What a job has looked at is kept until it ends.
    await turn();
    gc();
  }
  await turn();
}

/** @param {Tools} tools @param {One[]} free @returns {Promise<Array<[One, string]>>} */
async function atOnce(tools, free) {
  /** @type {Array<[One, string]>} */
  const other = [];
  for (const key of new Set(free.filter(({ isAsync }) => isAsync).map((one) => one.key))) {
    const calls = free.filter((one) => one.key === key);
    const twice = [...calls, ...calls];
    // What the calls of other functions have left must not explain it.
    if (!(await isAsAtFirst(tools, calls))) continue;
    const texts = await Promise.all(twice.map((one) => ask(tools, one)));
    await turn();
    if (!(await isAsAtFirst(tools, calls))) continue;
    // One that refuses while it is busy says so.
    twice.forEach((one, index) => {
      const text = String(texts[index]);
      if (text !== one.first && !text.startsWith('threw ')) other.push([one, text]);
    });
  }
  return other;
}

/** One after the other. @param {Tools} tools @param {One[]} calls */
async function isAsAtFirst(tools, calls) {
  for (const one of calls) if ((await ask(tools, one)) !== one.first) return false;
  return true;
}

/** @param {Tools} tools @param {{ ones: One[], told: Set<unknown>, tell: (one: One, trial: TrialKind, text: string, at: number) => void }} given */
async function manyTimes(tools, { ones, told, tell }) {
  const work = workMs() + tools.ms;
  const end = nowMs() + 3 * tools.ms;
  for (const path of new Set(ones.map(({ call }) => call.path))) {
    const calls = ones.filter(({ call }) => call.path === path);
    const keys = [...new Set(calls.map(({ key }) => key))];
    const until = Math.min(work, workMs() + FUNCTION_MS * keys.length);
    const isOver = () => workMs() >= until || nowMs() >= end;
    for (let made = 1; made <= MOST_ROUNDS && !isOver() && keys.some((key) => !told.has(key)); made++)
      for (const one of calls) {
        const answered = ask(tools, one);
        const text = typeof answered === 'string' ? answered : await answered;
        if (text !== one.first && !told.has(one.key)) tell(one, 'many', text, made + LEAST_ROUNDS);
      }
  }
}
