/**
 * The channel on which a trusted reporter speaks: signed, numbered lines on a descriptor of its own.
 *
 * Opened once, before any code of the project is loaded. The key comes on standard input and is gone from there after it;
 * it lives in native memory, so that neither the environment nor a heap snapshot shows it.
 */
'use strict';
const crypto = require('node:crypto');
const { readFileSync, writeSync } = require('node:fs');
const { stringify } = JSON;
const { apply } = Reflect;
const { createHmac, createSecretKey } = crypto;
const isArray = Array.isArray;
const { create, defineProperty, keys, setPrototypeOf } = Object;
const update = crypto.Hmac.prototype.update;
const digest = crypto.Hmac.prototype.digest;

/** `say(record)`; undefined where this process is not the one that was asked to report (a child, a worker thread). */
exports.open = function open() {
  const descriptor = Number(process.env.REPORT_FD);
  delete process.env.REPORT_FD;
  // A fork would inherit these and take its own standard input for the key.
  process.execArgv.length = 0;
  if (!Number.isInteger(descriptor) || descriptor < 3 || !require('node:worker_threads').isMainThread) return undefined;
  const text = readFileSync(0);
  const key = createSecretKey(Buffer.from(text.toString('latin1').trim(), 'hex'));
  text.fill(0);
  freezeSigning();
  let count = 0;
  return (record) => {
    const body = stringify(bare({ ...record, n: count++ }));
    const hmac = createHmac('sha256', key);
    apply(update, hmac, [body, 'utf8']);
    const line = `${apply(digest, hmac, ['hex'])} ${body}\n`;
    for (let written = 0, bytes = Buffer.from(line); written < bytes.length;) {
      written += writeSome(descriptor, bytes, written);
    }
  };
};

/** A copy without prototypes, so that a planted `toJSON` or setter is never asked. */
function bare(value) {
  if (typeof value !== 'object' || value === null) return value;
  const copy = isArray(value) ? setPrototypeOf([], null) : create(null);
  for (const name of keys(value)) {
    defineProperty(copy, name, { __proto__: null, value: bare(value[name]), enumerable: true });
  }
  return copy;
}

function writeSome(descriptor, bytes, from) {
  try {
    return writeSync(descriptor, bytes, from);
  } catch (error) {
    // A full pipe: the reader is only slower than we are.
    if (error.code === 'EAGAIN') return 0;
    throw error;
  }
}

/** What signs is reachable from the project's code as well; changed, it could sign other words than ours. */
function freezeSigning() {
  const probe = createHmac('sha256', 'probe');
  for (const symbol of Object.getOwnPropertySymbols(probe)) {
    const handle = probe[symbol];
    if (typeof handle === 'object' && handle !== null && handle.update) Object.freeze(Object.getPrototypeOf(handle));
  }
  Object.freeze(crypto.Hmac.prototype);
}
