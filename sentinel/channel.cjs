// @ts-check
/**
 * The channel on which a trusted reporter speaks: signed, numbered lines on a descriptor of its own.
 *
 * Opened once, before any code of the project is loaded. The key comes on standard input and is gone from there after it;
 * it lives in native memory only, as bytes that look like any others: no text of it stays behind for a look into our memory.
 */
'use strict';
const crypto = require('node:crypto');
const { readSync, writeSync } = require('node:fs');
const { stringify } = JSON;
const { apply } = Reflect;
const { createHmac, createSecretKey } = crypto;
const isArray = Array.isArray;
const { create, defineProperty, keys, setPrototypeOf } = Object;
const update = crypto.Hmac.prototype.update;
const digest = crypto.Hmac.prototype.digest;

/**
 * `say(record)`; undefined where this process is not the one that was asked to report (a child, a worker thread).
 *
 * @returns {((record: object) => void) | undefined}
 */
exports.open = function open() {
  const descriptor = Number(process.env.REPORT_FD);
  delete process.env.REPORT_FD;
  // A fork would inherit these and take its own standard input for the key.
  process.execArgv.length = 0;
  if (!Number.isInteger(descriptor) || descriptor < 3 || !require('node:worker_threads').isMainThread) return undefined;
  const key = readKey();
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

/** 64 hex digits on standard input, never made a string: nobody could wipe that. */
function readKey() {
  const text = Buffer.alloc(64);
  for (let got = 0, more = 1; got < text.length && more > 0; got += more)
    more = readSync(0, text, got, text.length - got, null);
  const key = Buffer.alloc(32);
  for (let place = 0; place < key.length; place++)
    key[place] = (nibble(text[2 * place]) << 4) | nibble(text[2 * place + 1]);
  const secret = createSecretKey(key);
  text.fill(0);
  key.fill(0);
  return secret;
}

/** Of an ASCII hex digit, in lower case. */
function nibble(code = 0) {
  return code < 97 ? code - 48 : code - 87;
}

/**
 * A copy without prototypes, so that a planted `toJSON` or setter is never asked; by index, since iterators can be planted too.
 *
 * @param {any} value
 * @returns {unknown}
 */
function bare(value) {
  if (typeof value !== 'object' || value === null) return value;
  const copy = isArray(value) ? setPrototypeOf([], null) : create(null);
  const names = keys(value);
  for (let place = 0; place < names.length; place++) {
    const name = /** @type {string} */ (names[place]);
    const descriptor = { __proto__: null, value: bare(value[name]), enumerable: true };
    defineProperty(copy, name, /** @type {PropertyDescriptor} */ (descriptor));
  }
  return copy;
}

/** @param {number} descriptor @param {Buffer} bytes @param {number} from */
function writeSome(descriptor, bytes, from) {
  try {
    return writeSync(descriptor, bytes, from);
  } catch (error) {
    // A full pipe: the reader is only slower than we are.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EAGAIN') return 0;
    throw error;
  }
}

/** What signs is reachable from the project's code as well; changed, it could sign other words than ours. */
function freezeSigning() {
  /** @type {any} */
  const probe = createHmac('sha256', 'probe');
  for (const symbol of Object.getOwnPropertySymbols(probe)) {
    const handle = probe[symbol];
    if (typeof handle === 'object' && handle !== null && handle.update) Object.freeze(Object.getPrototypeOf(handle));
  }
  Object.freeze(crypto.Hmac.prototype);
}
