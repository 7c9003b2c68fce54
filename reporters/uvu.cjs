// @ts-check
/**
 * Records the tests of uvu, which has no reporters: it adds code to uvu's module when that is loaded, which wraps the tests of each
 * suite.
 */
'use strict';
const Module = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { openRecord } = require('./record.cjs');

const KEY = Symbol.for('q.reporter.uvu');
/** `runner` is uvu's function that runs one suite. */
exports.ADDED_CODE = `
;{ const { wrap } = globalThis[Symbol.for('q.reporter.uvu')] ?? {}; if (wrap) runner = wrap(runner); }
`;

/** @typedef {{ name: string, handler: (state: unknown) => unknown }} UvuTest */

exports.start = function start() {
  const record = openRecord('uvu');
  /** @param {(ctx: any, name: string) => Promise<unknown>} run @param {{ ctx: any, name: string, file: string | null }} suite */
  const runSuite = async (run, { ctx, name, file }) => {
    const key = ctx.only.length > 0 ? 'only' : 'tests';
    /** @type {Array<{ test: UvuTest, error?: any, isDone: boolean }>} */
    const ran = [];
    const tests = ctx[key].map(
      /** @param {UvuTest} test */ (test) => {
        const entry = /** @type {{ test: UvuTest, error?: any, isDone: boolean }} */ ({ test, isDone: false });
        ran.push(entry);
        /** @param {unknown} state */
        const handler = async (state) => {
          try {
            await test.handler(state);
            entry.isDone = true;
          } catch (error) {
            entry.error = error;
            throw error;
          }
        };
        return { ...test, handler };
      },
    );
    try {
      return await run({ ...ctx, [key]: tests }, name);
    } finally {
      for (const { test, error, isDone } of ran) {
        const message = isDone ? undefined : String(error?.stack ?? error ?? 'a hook of the suite failed');
        const title = name ? `${name} > ${test.name}` : test.name;
        record.test({ file, name: title, status: isDone ? 'passed' : 'failed', ...(message && { message }) });
      }
    }
  };
  /** Wraps uvu's function that runs a suite. uvu binds it when a test file defines its suite, and calls it later. @param {any} run */
  const wrap = (run) => {
    /** @param {any} ctx @param {string} name */
    const wrapped = (ctx, name) => runSuite(run, { ctx, name, file: null });
    wrapped.bind = /** @param {unknown} _self @param {any} ctx @param {string} name */ (_self, ctx, name) => {
      const file = currentFile();
      return () => runSuite(run, { ctx, name, file });
    };
    return wrapped;
  };
  /** @type {any} */ (globalThis)[KEY] = { wrap };
  process.on('exit', () => record.end());
  patchRequired();
  Module.register?.(pathToFileURL(join(__dirname, 'uvu-hooks.mjs')));
};

/** Returns the test file that uvu loads at the moment, relative to the folder of tests. @returns {string | null} */
function currentFile() {
  const { UVU_QUEUE: queue, UVU_INDEX: index = 0 } = /** @type {any} */ (globalThis);
  return queue?.[index]?.[0] ?? null;
}

function patchRequired() {
  /** @type {any} */
  const { prototype } = Module;
  const compile = prototype._compile;
  /** @this {unknown} @param {string} source @param {string} file @param {unknown[]} rest */
  prototype._compile = function (source, file, ...rest) {
    const text = /\/uvu\/dist\/index\.js$/.test(file) ? `${source}${exports.ADDED_CODE}` : source;
    return Reflect.apply(compile, this, [text, file, ...rest]);
  };
}
