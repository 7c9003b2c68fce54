// @ts-check
/**
 * Replays recorded calls in a process of its own, and writes the answers to the file descriptor that is its last argument.
 *
 * The calls and the setting of the process (folder, arguments, variables, the runner's global names, clock, network interfaces) come
 * by standard input. The setting is applied before the first module of the project loads.
 */
'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const os = require('node:os');
const { dirname, extname, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const vm = require('node:vm');
const clock = require(join(__dirname, 'clock.cjs'));

/**
 * @typedef {import('../../src/domain/experiments/replay-setting').ReplayInput} ReplayInput
 * @typedef {import('../../src/domain/experiments/replay-setting').ReplayCall} ReplayCall
 */
const CALL_TIMEOUT_MS = 2000;
const { stringify, parse } = JSON;
const { apply } = Reflect;
const { writeSync } = fs;
const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;
const exit = process.exit.bind(process);
const channel = Number(process.argv.at(-1));
/** @type {any} */
const loader = Module;
/** @type {ReplayInput} */
const asked = parse(fs.readFileSync(0, 'utf8'));

/** @param {object} line */
function say(line) {
  const bytes = Buffer.from(`${stringify(line)}\n`);
  for (let written = 0; written < bytes.length;) written += writeSync(channel, bytes, written);
}

function applySetting() {
  for (const name of Object.keys(process.env)) if (!asked.keeps.includes(name)) delete process.env[name];
  Object.assign(process.env, asked.env);
  process.argv = [process.execPath, ...asked.argv.slice(1)];
  process.execArgv = asked.execArgv;
  process.chdir(asked.cwd);
  for (const name of asked.globals) if (!(name in globalThis)) clock.define(name, placeholder());
  if (asked.shiftMs !== 0) clock.moveClock(() => asked.shiftMs);
  if (asked.interfaces !== 'real') setInterfaces();
  const main = new Module(asked.main ?? asked.argv[1] ?? '');
  main.filename = asked.main ?? asked.argv[1] ?? '';
  loader._cache[main.filename] = main;
  process.mainModule = main;
  process.on('unhandledRejection', () => undefined);
  return main;
}

/** Makes an object in place of a runner's global: it can be called, and every member of it is such an object. @returns {any} */
function placeholder() {
  return new Proxy(function () {}, {
    get: (target, key) => (key in target ? Reflect.get(target, key) : placeholder()),
  });
}

function setInterfaces() {
  const lo = { address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', mac: '00:00:00:00:00:00', internal: true };
  const eth0 = { ...lo, address: '10.20.30.40', netmask: '255.255.255.0', mac: '02:42:0a:14:1e:28', internal: false };
  const found = asked.interfaces === 'none' ? {} : { lo: [lo], eth0: [eth0] };
  /** @type {any} */ (os).networkInterfaces = () => structuredClone(found);
  loader.syncBuiltinESMExports();
}

/** Describes an answer: its JSON, or only its type if JSON cannot hold it. @param {any} value */
function answerOf(value) {
  if (value === undefined) return 'other undefined';
  try {
    const text = stringify(value);
    return text === undefined ? `other ${typeof value}` : `value ${text}`;
  } catch {
    return `other ${typeof value}`;
  }
}

/** @param {any} error */
const threw = (error) => `threw ${String(error?.name ?? typeof error).slice(0, 100)}`;

/** @type {Map<string, Promise<any>>} */
const loaded = new Map();

/** @param {any} main @param {ReplayCall} call */
function load(main, { path, kind }) {
  const place = join(asked.root, asked.built ?? path);
  let found = loaded.get(place);
  if (found === undefined) {
    found =
      kind === 'cjs' && asked.built === null ? Promise.resolve().then(() => main.require(place)) : loadModule(place);
    found.catch(() => undefined);
    loaded.set(place, found);
  }
  return found;
}

/** @param {string} place */
async function loadModule(place) {
  if (/^\.[cm]?tsx?$|^\.jsx$/.test(extname(place))) await enableTypeScript(place);
  return import(pathToFileURL(place).href);
}

let isTypeScriptEnabled = false;
/** Lets node load TypeScript: by the project's tsx, or else by its typescript package. @param {string} place */
async function enableTypeScript(place) {
  if (isTypeScriptEnabled) return;
  isTypeScriptEnabled = true;
  const find = Module.createRequire(place);
  try {
    await import(pathToFileURL(find.resolve('tsx')).href);
  } catch {
    transpile(find);
  }
}

/** @param {NodeRequire} find */
function transpile(find) {
  /** @type {any} */
  let typescript;
  try {
    typescript = find('typescript');
  } catch {
    return;
  }
  const compilerOptions = { module: 1, target: 9, esModuleInterop: true, jsx: 2 };
  for (const name of ['.ts', '.tsx', '.mts', '.cts'])
    loader._extensions[name] = /** @param {any} module @param {string} filename */ (module, filename) => {
      const { outputText } = typescript.transpileModule(fs.readFileSync(filename, 'utf8'), { compilerOptions });
      module._compile(outputText, filename);
    };
  const resolve = loader._resolveFilename;
  /** @this {unknown} @param {string} request @param {unknown[]} rest */
  loader._resolveFilename = function (request, ...rest) {
    try {
      return apply(resolve, this, [request, ...rest]);
    } catch (error) {
      if (!/^\.{1,2}\/.*\.[cm]?jsx?$/.test(request)) throw error;
      return apply(resolve, this, [request.replace(/(\.[cm]?)js(x?)$/, '$1ts$2'), ...rest]);
    }
  };
}

/** Makes functions with the file names of the recorded call stack; the returned function makes a call through all of them. */
function callersOf() {
  /** @type {Array<(next: () => unknown) => unknown>} */
  const callers = asked.stack.map((filename) =>
    vm.runInThisContext('(function (next) { return next(); })', { filename }),
  );
  /** @param {() => unknown} make */
  return (make) => {
    let next = make;
    for (const caller of callers) {
      const inner = next;
      next = () => caller(inner);
    }
    return next();
  };
}

/** Finds the function of a call and its `this`; returns the reason as a text if there is none. @param {any} main @param {ReplayCall} call */
async function find(main, call) {
  let module;
  try {
    module = await load(main, call);
  } catch (error) {
    return `unloaded ${threw(error).slice('threw '.length)}`;
  }
  const isBuilt = asked.built !== null;
  const isWhole = call.kind === 'cjs' && !isBuilt;
  const all = isWhole ? module : ((module[call.name] === undefined ? module.default : undefined) ?? module);
  const fn = call.name === 'module.exports' ? (isBuilt ? undefined : module) : all?.[call.name];
  if (typeof fn !== 'function') return 'other missing';
  return { fn, self: isWhole && call.name !== 'module.exports' ? module : undefined };
}

/** @param {any} main @param {ReplayCall} call @param {(make: () => unknown) => unknown} through */
async function answer(main, call, through) {
  const found = await find(main, call);
  if (typeof found === 'string') return found;
  try {
    return answerOf(await through(() => apply(found.fn, found.self, parse(call.args))));
  } catch (error) {
    return threw(error);
  }
}

/** Loads other modules of the project, which may change what the calls find. Modules that start a server get an error. */
async function loadOthers() {
  if (asked.loads.length === 0) return;
  const net = require('node:net');
  net.Server.prototype.listen = () => {
    throw new Error('listen');
  };
  process.exit = /** @type {any} */ (
    () => {
      throw new Error('exit');
    }
  );
  const all = async () => {
    for (const path of asked.loads) await loadModule(join(asked.root, path)).catch(() => undefined);
    return '';
  };
  await inTime(all(), 1000);
}

/** @param {Promise<string>} answered @param {number} [ms] @returns {Promise<string>} */
function inTime(answered, ms = CALL_TIMEOUT_MS) {
  return new Promise((resolve) => {
    const timer = realSetTimeout(() => resolve('other pending'), ms);
    answered.then((text) => {
      realClearTimeout(timer);
      resolve(text);
    });
  });
}

/** @param {any} main */
async function stay(main) {
  const prepare = require(join(__dirname, 'stay.cjs'));
  const { calls, trialMs: ms } = asked;
  const tools = { answerOf, threw, inTime, say };
  await prepare({ ...tools, calls, ms, find: /** @param {ReplayCall} call */ (call) => find(main, call) })();
  asked.calls = [];
}

async function run() {
  const main = applySetting();
  main.paths = loader._nodeModulePaths(dirname(main.filename));
  if (asked.trialMs > 0) await stay(main);
  await loadOthers();
  const through = callersOf();
  for (const call of asked.calls)
    say({ n: call.n, answer: (await inTime(answer(main, call, through))).slice(0, 20_000) });
  say({ end: asked.calls.length });
  exit(0);
}
run().catch(() => exit(1));
