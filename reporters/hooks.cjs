// @ts-check
/**
 * Adds reporters to runners that are modules: jest, mocha and jasmine, started by their own programs or by scripts of a project.
 *
 * It intercepts the loading of the runner's module and adds the reporter to the runner's objects, so no flag and no setting changes.
 */
'use strict';
const Module = require('node:module');
const { join } = require('node:path');
const { clearAll } = require('./traces.cjs');

/** A pattern for the requested module, and a function that returns the value in place of the loaded module. */
/** @type {Array<[RegExp, (loaded: any) => any]>} */
const HOOKS = [
  [/^jest-config$/, withJest],
  [/(^|\/)mocha(\.js)?$/, withMocha],
  [/(^|\/)(jasmine|parallel_runner|runner)(\.js)?$/, withJasmine],
];
const patched = new WeakSet();
/** True after the first jasmine runner of the process: runners that its tests start are not recorded. */
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
  if (!isMocha || patched.has(loaded)) return loaded;
  patched.add(loaded);
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
  if (!isJasmine || typeof loaded.prototype.addReporter !== 'function' || patched.has(loaded)) return loaded;
  patched.add(loaded);
  const { execute } = loaded.prototype;
  /** @this {any} @param {unknown[]} words */
  loaded.prototype.execute = function (...words) {
    if (hasJasmine) return Reflect.apply(execute, this, words);
    hasJasmine = true;
    clearAll();
    // It is added to the environment: a reporter that is added to the program would replace the program's own.
    (this.env ?? this).addReporter(require('./jasmine.cjs').create());
    return Reflect.apply(execute, this, words);
  };
  return loaded;
}
