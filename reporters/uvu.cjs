// @ts-check
/**
 * uvu: it has no reporters, so each suite's tests are wrapped where it runs them: a few words are added to its own module as
 * it is loaded.
 */
'use strict';
const Module = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { openRecord } = require('./record.cjs');

const KEY = Symbol.for('q.reporter.uvu');
/** `runner` is uvu's function that runs one suite. */
exports.ADDED = `
;{ const { wrap } = globalThis[Symbol.for('q.reporter.uvu')] ?? {}; if (wrap) runner = wrap(runner); }
`;

/** @typedef {{ name: string, handler: (state: unknown) => unknown }} One */

exports.start = function start() {
  const record = openRecord('uvu');
  /** @param {(ctx: any, name: string) => Promise<unknown>} run @param {{ ctx: any, name: string, file: string | null }} suite */
  const runSuite = async (run, { ctx, name, file }) => {
    const key = ctx.only.length > 0 ? 'only' : 'tests';
    /** @type {Array<{ one: One, error?: any, isDone: boolean }>} */
    const ran = [];
    const tests = ctx[key].map(
      /** @param {One} one */ (one) => {
        const entry = /** @type {{ one: One, error?: any, isDone: boolean }} */ ({ one, isDone: false });
        ran.push(entry);
        /** @param {unknown} state */
        const handler = async (state) => {
          try {
            await one.handler(state);
            entry.isDone = true;
          } catch (error) {
            entry.error = error;
            throw error;
          }
        };
        return { ...one, handler };
      },
    );
    try {
      return await run({ ...ctx, [key]: tests }, name);
    } finally {
      for (const { one, error, isDone } of ran) {
        const message = isDone ? undefined : String(error?.stack ?? error ?? 'a hook of the suite failed');
        const title = name ? `${name} > ${one.name}` : one.name;
        record.test({ file, name: title, status: isDone ? 'passed' : 'failed', ...(message && { message }) });
      }
    }
  };
  /** uvu binds this function when a test file has said its suite, and calls it later. @param {any} run */
  const wrap = (run) => {
    /** @param {any} ctx @param {string} name */
    const wrapped = (ctx, name) => runSuite(run, { ctx, name, file: null });
    wrapped.bind = /** @param {unknown} _self @param {any} ctx @param {string} name */ (_self, ctx, name) => {
      const file = fileNow();
      return () => runSuite(run, { ctx, name, file });
    };
    return wrapped;
  };
  /** @type {any} */ (globalThis)[KEY] = { wrap };
  process.on('exit', () => record.end());
  patchRequired();
  Module.register?.(pathToFileURL(join(__dirname, 'uvu-hooks.mjs')));
};

/** The file that is being loaded, below the folder of tests. @returns {string | null} */
function fileNow() {
  const { UVU_QUEUE: queue, UVU_INDEX: index = 0 } = /** @type {any} */ (globalThis);
  return queue?.[index]?.[0] ?? null;
}

function patchRequired() {
  /** @type {any} */
  const { prototype } = Module;
  const compile = prototype._compile;
  /** @this {unknown} @param {string} source @param {string} file @param {unknown[]} rest */
  prototype._compile = function (source, file, ...rest) {
    const text = /\/uvu\/dist\/index\.js$/.test(file) ? `${source}${exports.ADDED}` : source;
    return Reflect.apply(compile, this, [text, file, ...rest]);
  };
}
