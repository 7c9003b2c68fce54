// @ts-check
/**
 * Runners that are modules: jest, mocha and jasmine, started by their own programs or by scripts of a project.
 *
 * The module is watched for as it is loaded; the runner's own objects take the reporter, so no flag and no setting changes.
 */
'use strict';
const Module = require('node:module');
const { join } = require('node:path');
const { clearAll } = require('./traces.cjs');

/** By the end of what is asked for: gives what is to be handed out in its place. */
/** @type {Array<[RegExp, (loaded: any) => any]>} */
const HOOKS = [
  [/^jest-config$/, withJest],
  [/(^|\/)mocha(\.js)?$/, withMocha],
  [/(^|\/)(jasmine|parallel_runner|runner)(\.js)?$/, withJasmine],
];
const seen = new WeakSet();
/** The process has its runner of jasmine: what its tests start is no business of the worker. */
let hasJasmine = false;

exports.install = function install() {
  /** @type {any} */
  const loader = Module;
  const load = loader._load;
  /** @this {unknown} @param {string} request @param {unknown[]} rest */
  loader._load = function (request, ...rest) {
    const loaded = Reflect.apply(load, this, [request, ...rest]);
    const hook = typeof request === 'string' ? HOOKS.find(([path]) => path.test(request)) : undefined;
    return hook === undefined || loaded === null || loaded === undefined ? loaded : hook[1](loaded);
  };
};

/** @param {any} loaded */
function withJest(loaded) {
  if (typeof loaded.readConfigs !== 'function') return loaded;
  /** @param {unknown[]} words */
  const readConfigs = async (...words) => {
    const read = await loaded.readConfigs(...words);
    clearAll();
    const { globalConfig } = read;
    const reporters = globalConfig.reporters ?? [['default', {}]];
    const more = [...reporters, [join(__dirname, 'jest.cjs'), {}]];
    return { ...read, globalConfig: Object.freeze({ ...globalConfig, reporters: more }) };
  };
  return Object.create(loaded, { readConfigs: { value: readConfigs, enumerable: true } });
}

/** @param {any} loaded */
function withMocha(loaded) {
  const isMocha = typeof loaded === 'function' && typeof loaded.prototype?.run === 'function' && loaded.Runner;
  if (!isMocha || seen.has(loaded)) return loaded;
  seen.add(loaded);
  const { run } = loaded.prototype;
  /** @this {any} @param {unknown[]} words */
  loaded.prototype.run = function (...words) {
    clearAll();
    const Reporter = this._reporter;
    this._reporter = /** @param {any} runner @param {unknown[]} rest */ function (runner, ...rest) {
      require('./mocha.cjs').listen(runner);
      return Reflect.construct(Reporter, [runner, ...rest]);
    };
    try {
      return Reflect.apply(run, this, words);
    } finally {
      this._reporter = Reporter;
    }
  };
  return loaded;
}

/** @param {any} loaded */
function withJasmine(loaded) {
  const isJasmine = typeof loaded === 'function' && typeof loaded.prototype?.execute === 'function';
  if (!isJasmine || typeof loaded.prototype.addReporter !== 'function' || seen.has(loaded)) return loaded;
  seen.add(loaded);
  const { execute } = loaded.prototype;
  /** @this {any} @param {unknown[]} words */
  loaded.prototype.execute = function (...words) {
    if (hasJasmine) return Reflect.apply(execute, this, words);
    hasJasmine = true;
    clearAll();
    // Through the environment: a reporter that is given to the program would take the place of its own.
    (this.env ?? this).addReporter(require('./jasmine.cjs').create());
    return Reflect.apply(execute, this, words);
  };
  return loaded;
}
